"""Every data set that Penholder stores, declared once: column, type, unit, meaning.

Lists inside one cell are joined by `;` in a fixed order (`ML10;ML22`, `IN;MY`), so that a cell is one
dictionary-coded string: equal sets are equal codes. Null means "not stated", never "none".
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

WORD = pa.dictionary(pa.int32(), pa.string())
MONEY = pa.decimal128(18, 2)
LIST_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a data set."""

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """A data set: its name and its columns, in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of its Parquet files."""
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name. KeyError if there is none."""
        return next(c for c in self.columns if c.name == name)


LICENCE_LINES = Schema(
    "lines",
    "one published or recorded goods line of a licence",
    (
        Column("line", pa.string(), "Id: licence, colon, position of the line within it (from 1).", required=True),
        Column("licence", pa.string(), "The finest licence key that the release gives.", required=True),
        Column(
            "decided_on",
            pa.date32(),
            "Day of the decision; the first day that the date can mean.",
            required=True,
        ),
        Column("decided_precision", WORD, "day | month | year.", required=True),
        Column("expires_on", pa.date32(), "First day on which the licence is no longer valid, if stated."),
        Column("licence_type", WORD, "Id in the table of licence types, or not_stated.", required=True),
        Column("outcome", WORD, "issued | refused | revoked, as published.", required=True),
        Column("rating", WORD, "Control-list codes, joined by `;`."),
        Column("description", WORD, "Published description of the goods."),
        Column(
            "destination",
            WORD,
            "Stated destination: ISO 3166-1 alpha-2, or the published name.",
            required=True,
        ),
        Column("destination_name", WORD, "Stated destination as published.", required=True),
        Column("destination_kind", WORD, "country | non_country | unrecognised.", required=True),
        Column("onward", WORD, "Final destinations of incorporated or re-exported goods, joined by `;`."),
        Column("onward_open", pa.bool_(), "True where a source says that goods go on to an unnamed place."),
        Column("corrected_destination", WORD, "Destination that a note gives instead of the stated one."),
        Column("value", MONEY, "Value of the line in `currency` at the decision."),
        Column("currency", WORD, "ISO 4217 code."),
        Column("quantity", pa.decimal128(18, 3), "Quantity in `unit`."),
        Column("unit", WORD, "Unit of the quantity."),
        Column("count", pa.int32(), "How many items or licences the publisher says the line stands for."),
        Column("criteria", WORD, "Refusal criteria as published, joined by `;`."),
        Column("end_user", WORD, "Class of the stated end user, or not_stated.", required=True),
        Column(
            "onward_end_user",
            WORD,
            "Class of the final end user of onward goods, or not_stated.",
            required=True,
        ),
        Column("end_user_state", WORD, "State of the end user, where a note names one (ISO alpha-2)."),
        Column(
            "pooled",
            pa.bool_(),
            "True where goods go to stock or to a pool: the final user is open.",
            required=True,
        ),
        Column("suspension", WORD, "none | dated | undated.", required=True),
        Column("suspended_on", pa.date32(), "First day of the suspension, if dated."),
        Column("reinstated_on", pa.date32(), "First day after the suspension was lifted, if stated."),
        Column("revocation", WORD, "none | dated | undated.", required=True),
        Column("revoked_on", pa.date32(), "First day of the revocation, if dated."),
        Column(
            "exported_before",
            pa.bool_(),
            "True: shipped before suspension or revocation; False: a source says not.",
        ),
        Column("notes", WORD, "Ids of the notes from which facts were derived, joined by `;`."),
        Column("source", WORD, "Name of the source file.", required=True),
        Column(
            "source_line",
            pa.int64(),
            "Physical line of the source file on which the record begins.",
            required=True,
        ),
    ),
)

INCIDENTS = Schema(
    "incidents",
    "one reported incident",
    (
        Column("incident", pa.string(), "Id that the source gives, unique within the series.", required=True),
        Column("series", WORD, "Name of the series of reports that it belongs to.", required=True),
        Column("starts_on", pa.date32(), "First day that the incident can have happened.", required=True),
        Column("ends_on", pa.date32(), "Last day that the incident can have happened.", required=True),
        Column("date_precision", WORD, "day | month | year | range, or the source's own word.", required=True),
        Column("place", WORD, "ISO 3166-1 alpha-2 of the state or territory, or the published name."),
        Column("place_name", WORD, "Named locality as published."),
        Column("admin1", WORD, "First-level division as published."),
        Column("admin2", WORD, "Second-level division as published."),
        Column("latitude", pa.float64(), "Degrees north, WGS 84."),
        Column("longitude", pa.float64(), "Degrees east, WGS 84."),
        Column("place_precision", WORD, "The source's own code for how finely the place is known."),
        Column("actors", WORD, "Parties alleged to have acted, as published, joined by `;`; null: not stated."),
        Column("means", WORD, "Means reported, ids joined by `;`; null: not stated."),
        Column("object", WORD, "Class of the object or people hit, as published."),
        Column("attacks_min", pa.int32(), "Fewest attacks reported."),
        Column("attacks_max", pa.int32(), "Most attacks reported; null where the source gives no upper bound."),
        Column("killed_min", pa.int32(), "Fewest people reported killed."),
        Column("killed_max", pa.int32(), "Most people reported killed."),
        Column("injured_min", pa.int32(), "Fewest people reported injured."),
        Column("injured_max", pa.int32(), "Most people reported injured."),
        Column("certainty", WORD, "The source's own word for how sure it is."),
        Column("source", WORD, "Name of the source file.", required=True),
        Column(
            "source_line",
            pa.int64(),
            "Physical line of the source file on which the record begins.",
            required=True,
        ),
    ),
)

EDGES = Schema(
    "edges",
    "one sourced step from goods towards a means",
    (
        Column("edge", pa.string(), "Id of the edge, unique within the release.", required=True),
        Column("from_kind", WORD, "rating | goods | component | maker | platform.", required=True),
        Column("from_id", pa.string(), "Id of the thing that the step starts from.", required=True),
        Column("to_kind", WORD, "component | platform | means.", required=True),
        Column("to_id", pa.string(), "Id of the thing that the step leads to.", required=True),
        Column("relation", WORD, "part_of | found_inside | carried_by | used_for | supplied_to.", required=True),
        Column("basis", WORD, "finding | hint.", required=True),
        Column("grade", WORD, "Source grade, for example B2.", required=True),
        Column("valid_from", pa.date32(), "First day on which the edge holds; null: always."),
        Column("valid_until", pa.date32(), "First day on which it no longer holds; null: still holds."),
        Column("citation", WORD, "Where the edge comes from: address or title.", required=True),
        Column("source", WORD, "Name of the source file.", required=True),
        Column("source_line", pa.int64(), "Physical line of the source file.", required=True),
    ),
)

NOTES = Schema(
    "notes",
    "one published note on a licence, and the facts derived from its text",
    (
        Column("note", pa.string(), "Id: file name and row number of the note.", required=True),
        Column("licence", pa.string(), "Licence key that the note belongs to.", required=True),
        Column("text", WORD, "The note as published.", required=True),
        Column("coded", pa.bool_(), "True where at least one fact was derived from the text.", required=True),
        Column("end_user", WORD, "Class of the stated end user, or not_stated.", required=True),
        Column("onward_end_user", WORD, "Class of the final end user, or not_stated.", required=True),
        Column("end_user_state", WORD, "State of the end user (ISO alpha-2)."),
        Column("route", WORD, "direct | onward | null: not stated."),
        Column("pooled", pa.bool_(), "True where goods go to stock or to a pool.", required=True),
        Column("temporary", pa.bool_(), "True where the export is temporary.", required=True),
        Column("suspension", WORD, "none | dated | undated.", required=True),
        Column("suspended_on", pa.date32(), "First day of the suspension."),
        Column("revocation", WORD, "none | dated | undated.", required=True),
        Column("revoked_on", pa.date32(), "First day of the revocation."),
        Column("exported_before", pa.bool_(), "True: goods left before the suspension or revocation."),
        Column("corrected_destination", WORD, "Destination that the note gives instead of the published one."),
        Column("source", WORD, "Name of the source file.", required=True),
        Column("source_line", pa.int64(), "Physical line of the source file.", required=True),
    ),
)

PLACES = Schema(
    "places",
    "one state or territory that a data folder defines itself (samples, user-assigned codes)",
    (
        Column("place", pa.string(), "Code, for example XA.", required=True),
        Column("name", pa.string(), "Name in plain words.", required=True),
        Column("boundary", pa.string(), "GeoJSON geometry, WGS 84."),
        Column("source", WORD, "Name of the source file.", required=True),
        Column("source_line", pa.int64(), "Physical line of the source file.", required=True),
    ),
)

QUARANTINE = Schema(
    "quarantine",
    "one record that was read and not loaded",
    (
        Column("source", WORD, "Name of the source file.", required=True),
        Column("source_line", pa.int64(), "Physical line on which the record begins.", required=True),
        Column("column", WORD, "Column that the reason is about; null: the whole record."),
        Column("reason", WORD, "Reason code, see docs/reference/quarantine-reasons.md.", required=True),
        Column("detail", pa.string(), "What was given, cut to 80 characters; empty for columns that are dropped."),
    ),
)

SCHEMAS = {s.name: s for s in (LICENCE_LINES, INCIDENTS, EDGES, NOTES, PLACES, QUARANTINE)}
