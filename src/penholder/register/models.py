"""Tables of the register. Versions, terms, draws and changes are inserted and read, never updated.

Quantities are whole thousandths of their unit (`_milli`), money is whole hundredths (`_centi`): SQLite would keep
decimals as floats, and a limit that is compared as a float is none. Words (status, act) are those of `values`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from penholder.register.values import DayPrecision, LineStatus, WithoutCase

ID = 40
NAME = 120
HASH = 64
WORDS = 400
LONG = 2_000
WORD = 40


class Change(models.Model):
    """One act that changed the register: the link from its rows to its entries in the ledger (`Entry.run`)."""

    run = models.CharField(max_length=ID, unique=True)
    act = models.CharField(max_length=NAME)
    recorded_at = models.DateTimeField()


class Release(models.Model):
    """One release of a data folder whose lines were taken in as one act. At most one for each series."""

    public_id = models.CharField(max_length=ID, unique=True)
    release = models.CharField(max_length=200, unique=True)
    """Id in the data folder."""
    series = models.CharField(max_length=NAME, unique=True)
    released = models.DateField()
    facts = models.JSONField()
    """As the catalogue of the data folder has it: attribution, licence key, what it lacks."""
    rows = models.PositiveIntegerField()
    licences = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    source_sha256 = models.CharField(max_length=HASH)
    data_sha256 = models.CharField(max_length=HASH)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Licence(models.Model):
    """A licence. Its life is that of its lines."""

    public_id = models.CharField(max_length=ID, unique=True)
    series = models.CharField(max_length=NAME, blank=True)
    """Of the release that it came with; empty where it was entered here."""
    reference = models.CharField(max_length=200)
    licence_type = models.CharField(max_length=WORD)
    exporter = models.CharField(max_length=ID, blank=True)
    """Public id of the organisation; empty where it is not known."""
    decided_on = models.DateField()
    decided_precision = models.CharField(max_length=WORD, default="day")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """First day on which it is no longer valid; null: not stated."""
    case = models.CharField(max_length=ID, blank=True, db_default="")
    """Public id of the case that granted it; empty: it came with a release, or `without_case` says why."""
    without_case = models.CharField(max_length=WORD, blank=True, db_default="")
    without_case_words = models.TextField(blank=True, db_default="")
    version = models.PositiveIntegerField(default=1)
    """Grows with every act but usage: what an act must name to show that it saw the newest."""
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("reference", "series"), name="one_licence_per_reference"),
            models.CheckConstraint(
                condition=Q(without_case__in=["", *(w.value for w in WithoutCase)]),
                name="reason_for_no_case_is_known",
            ),
            models.CheckConstraint(
                condition=Q(release=None, case="") & ~Q(without_case="") & ~Q(without_case_words="")
                | Q(release=None, without_case="", without_case_words="") & ~Q(case="")
                | Q(release__isnull=False, case="", without_case="", without_case_words=""),
                name="licence_says_where_from",
            ),
        )
        indexes = (
            models.Index(fields=("-decided_on", "public_id"), name="licence_by_decision"),
            models.Index(
                fields=("exporter", "-decided_on", "public_id"),
                condition=~Q(exporter=""),
                name="licence_by_exporter",
            ),
            models.Index(
                fields=("-decided_on", "public_id"), condition=~Q(without_case=""), name="licence_without_case"
            ),
        )


class Line(models.Model):
    """One line of a licence as it stands now. What was before is in LineVersion, Terms and Draw."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=WORD)
    since = models.DateField(null=True)
    """First day of the status in the world; null where no source says it."""
    version = models.PositiveIntegerField(default=1)
    destination = models.CharField(max_length=WORDS)
    """As in the newest terms: for the list."""
    valid_until = models.DateField(null=True)
    """First day on which the line is no longer valid; null: not stated."""
    quantity_limit_milli = models.BigIntegerField(null=True)
    value_limit_centi = models.BigIntegerField(null=True)
    used_quantity_milli = models.BigIntegerField(default=0)
    used_value_centi = models.BigIntegerField(default=0)
    suspended_on = models.DateField(null=True)
    review_by = models.DateField(null=True)
    power = models.CharField(max_length=WORD, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("licence", "number"), name="one_line_per_number"),
            models.CheckConstraint(
                condition=Q(used_quantity_milli__gte=0) & Q(used_value_centi__gte=0), name="usage_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quantity_limit_milli=None) | Q(used_quantity_milli__lte=F("quantity_limit_milli")),
                name="quantity_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(value_limit_centi=None) | Q(used_value_centi__lte=F("value_limit_centi")),
                name="value_within_limit",
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in LineStatus]), name="status_is_known"),
        )
        indexes = (
            models.Index(fields=("status", "licence"), name="line_by_status"),
            models.Index(fields=("destination", "licence"), name="line_by_destination"),
            models.Index(fields=("review_by",), condition=Q(status="suspended"), name="line_review_due"),
            models.Index(
                fields=("valid_until",), condition=Q(status__in=("issued", "suspended")), name="line_by_end"
            ),
        )


class Terms(models.Model):
    """What a line allows from a day on. A new row for each amendment."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="all_terms")
    effective_on = models.DateField()
    rating = models.TextField(blank=True)
    description = models.TextField(blank=True)
    destination = models.CharField(max_length=WORDS)
    onward = models.TextField(blank=True)
    end_user = models.CharField(max_length=WORDS)
    end_user_state = models.CharField(max_length=20, blank=True)
    programmes = models.TextField(blank=True, db_default="")
    value_centi = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    quantity_milli = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=NAME, blank=True)
    value_limit_centi = models.BigIntegerField(null=True)
    published = models.TextField(blank=True)
    """Canonical JSON: the other columns of the row of a release, named as in `analysis.schemas.LICENCE_LINES`."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class LineVersion(models.Model):
    """One step in the life of a line: which act, from which day in the world, recorded by which change."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=WORD)
    status = models.CharField(max_length=WORD)
    effective_on = models.DateField()
    precision = models.CharField(max_length=WORD, default=DayPrecision.DAY.value)
    """`unknown`: a source says that it happened and not when; `effective_on` is then the day of the decision."""
    review_by = models.DateField(null=True)
    power = models.CharField(max_length=WORD, blank=True)
    limb = models.CharField(max_length=NAME, blank=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("line", "version"), name="one_row_per_line_version"),)


class Draw(models.Model):
    """Goods that were shipped under a line, as one message says."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="draws")
    source = models.CharField(max_length=NAME)
    message = models.CharField(max_length=NAME)
    quantity_milli = models.BigIntegerField()
    value_centi = models.BigIntegerField()
    happened_on = models.DateField()
    origin = models.CharField(max_length=WORD)
    completeness = models.CharField(max_length=WORD)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "message"), name="one_draw_per_message"),
            models.CheckConstraint(
                condition=Q(quantity_milli__gte=0) & Q(value_centi__gte=0), name="draw_not_negative"
            ),
        )


class Condition(models.Model):
    """A condition on a licence or on some of its lines."""

    public_id = models.CharField(max_length=ID, unique=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="conditions")
    lines = models.JSONField(default=list)
    """Numbers of the lines; empty: the whole licence."""
    text = models.CharField(max_length=LONG)
    timing = models.CharField(max_length=WORD)
    due = models.DateField(null=True)
    done_on = models.DateField(null=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")
    done_change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")


class CustomsMessage(models.Model):
    """What customs were told about lines of a licence, and whether they took it in."""

    public_id = models.CharField(max_length=ID, unique=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="messages")
    lines = models.JSONField()
    kind = models.CharField(max_length=WORD)
    effective_on = models.DateField()
    cause = models.BigIntegerField(null=True, unique=True)
    """Number of the ledger entry because of which it was sent; null: sent by a person."""
    sent_at = models.DateTimeField()
    due = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    their_reference = models.CharField(max_length=NAME, blank=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")
    acknowledged_change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("due",), condition=Q(acknowledged_at=None), name="message_overdue"),)
