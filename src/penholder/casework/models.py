"""Tables of casework. All rows are inserted and read, never updated, but for some columns of `Case`.

An application is a document in versions; what officers say is a row of its own each time. The text of a dissent is
in the vault alone. Nothing of these rows is published as it stands.
"""

from __future__ import annotations

from django.db import models

from penholder.casework.values import CaseStatus, ListKind, NoticeKind, PartKind

ID = 40
NAME = 400
WORD = 40
HASH = 64
DECISIONS = (PartKind.DECISION.value, PartKind.APPEAL_DECISION.value)


class Change(models.Model):
    """One act that changed casework: the link from its rows to its entries in the ledger (`Entry.run`)."""

    run = models.CharField(max_length=ID, unique=True)
    act = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()


class Case(models.Model):
    """One application and all that became of it. What stands here can be folded from its parts."""

    public_id = models.CharField(max_length=ID, unique=True)
    exporter = models.CharField(max_length=ID, db_index=True)
    """Public id of the organisation."""
    licence_type = models.CharField(max_length=WORD)
    destination = models.CharField(max_length=NAME, blank=True)
    """Of the newest version: where the end user is."""
    places = models.TextField(blank=True)
    """Of the newest version: every place that the goods reach, `;XN;XV;`."""
    status = models.CharField(max_length=WORD)
    submitted_at = models.DateTimeField(null=True)
    """None: it never was; then it is the exporter's alone."""
    version = models.PositiveIntegerField(default=0)
    """Grows with every act: what an act must name to show that it saw the newest."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in CaseStatus]), name="case_status_is_known"
            ),
        )
        indexes = (models.Index(fields=("status", "public_id"), name="case_by_status"),)


class Part(models.Model):
    """One row that an act added to a case. `kind` says which value stands in `content` (`dossier.VALUES`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    """Version of the case that it made."""
    place = models.PositiveIntegerField(default=1)
    """Among the parts of one event, from 1."""
    kind = models.CharField(max_length=WORD)
    public_id = models.CharField(max_length=ID, blank=True)
    about = models.CharField(max_length=ID, blank=True)
    """Public id of the part that it answers, judges, signs or decides; empty: of the case."""
    status = models.CharField(max_length=WORD)
    """Of the case, after the act."""
    on_day = models.DateField()
    """In the world; the day of the act where it says no other."""
    content = models.JSONField()
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "number", "place"), name="one_part_per_place"),
            models.UniqueConstraint(
                fields=("public_id",), condition=~models.Q(public_id=""), name="one_part_per_public_id"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in PartKind]), name="part_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in CaseStatus]), name="part_status_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=DECISIONS) | ~models.Q(content__reasons=""),
                name="decision_has_reasons",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=DECISIONS)
                | models.Q(content__gates=[])
                | ~models.Q(content__gate_reasons=""),
                name="open_gate_has_reasons",
            ),
        )
        indexes = (
            models.Index(fields=("kind", "case"), name="part_by_kind"),
            models.Index(fields=("change",), name="part_by_change"),
        )


class PartyList(models.Model):
    """One load of a list of parties. The newest load of a name is in force; a withdrawn entry is not in it."""

    public_id = models.CharField(max_length=ID, unique=True)
    name = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=WORD)
    source = models.CharField(max_length=NAME)
    as_of = models.DateField()
    read = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField()
    refused = models.JSONField(default=list)
    """Rows that were kept out: [line of the file, reason]."""
    file = models.CharField(max_length=HASH)
    file_digest = models.CharField(max_length=HASH)
    data_sha256 = models.CharField(max_length=HASH)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in ListKind]), name="list_kind_is_known"
            ),
        )
        indexes = (models.Index(fields=("name", "id"), name="party_list_by_name"),)


class ListEntry(models.Model):
    """An entry of one load of a list."""

    party_list = models.ForeignKey(PartyList, on_delete=models.PROTECT, related_name="entries", db_index=False)
    key = models.CharField(max_length=NAME)
    spellings = models.JSONField()
    """The name first, then its other spellings."""
    place = models.CharField(max_length=NAME, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("party_list", "key"), name="one_entry_per_key"),)


class Notice(models.Model):
    """A notice as it was issued. Nothing of it is ever changed; a mistake is told by another notice."""

    public_id = models.CharField(max_length=ID, unique=True)
    kind = models.CharField(max_length=WORD)
    subject = models.CharField(max_length=ID, db_index=True)
    """Public id of the case or the licence."""
    about = models.CharField(max_length=ID)
    """The decision that it tells of, or the run of the act on the licence."""
    holder = models.CharField(max_length=ID, blank=True)
    """Public id of the organisation; empty: not known here."""
    lines = models.JSONField(default=list)
    decided_on = models.DateField()
    issued_on = models.DateField()
    content = models.JSONField()
    """What it says (`notices.content.Notice`)."""
    file = models.CharField(max_length=HASH)
    """Address of the PDF in the vault."""
    file_digest = models.CharField(max_length=HASH)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "about"), name="one_notice_per_decision"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in NoticeKind]), name="notice_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(content__reasons="") & models.Q(content__has_key="reasons"),
                name="notice_has_reasons",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=NoticeKind.SUSPENSION.value) | ~models.Q(content__terms=""),
                name="suspension_notice_has_terms",
            ),
        )
        indexes = (models.Index(fields=("kind", "issued_on"), name="notice_by_kind"),)
