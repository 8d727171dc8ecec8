"""Tables of the reviews. Versions (runs, classifications, options, decisions) are inserted, never updated."""

from __future__ import annotations

from django.db import models

from penholder.review.values import EngineUse, State, Use

ID = 40
NAME = 120
WORD = 40
HASH = 64


class Change(models.Model):
    """One act that changed reviews: the link from its rows to its entries in the ledger (`Entry.run`)."""

    run = models.CharField(max_length=ID, unique=True)
    act = models.CharField(max_length=NAME)
    recorded_at = models.DateTimeField()


class Circumstance(models.Model):
    """A change of circumstances. `state` and `version` alone change; what happened are its Steps."""

    public_id = models.CharField(max_length=ID, unique=True)
    trigger = models.CharField(max_length=WORD)
    destinations = models.JSONField()
    """Codes, sorted."""
    happened_on = models.DateField()
    words = models.TextField()
    proposed_on = models.DateField()
    answer_by = models.DateField()
    state = models.CharField(max_length=WORD)
    version = models.PositiveIntegerField(default=1)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in State]), name="circumstance_state_is_known"
            ),
        )
        indexes = (models.Index(fields=("state", "public_id"), name="circumstance_by_state"),)


class Step(models.Model):
    """One move of a change of circumstances, with what was said of it."""

    circumstance = models.ForeignKey(Circumstance, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=WORD)
    state = models.CharField(max_length=WORD)
    on = models.DateField()
    text = models.TextField(blank=True)
    """Reasons or words of the act."""
    review_by = models.DateField(null=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Stocktake(models.Model):
    """One run of the stocktake on the register. Its rows are a file in the vault, under the key of its id."""

    public_id = models.CharField(max_length=ID, unique=True)
    circumstance = models.ForeignKey(Circumstance, on_delete=models.PROTECT, related_name="stocktakes")
    on = models.DateField()
    known = models.DateField(null=True)
    profile = models.TextField()
    """The operation profile, as it was given."""
    profile_id = models.CharField(max_length=NAME)
    profile_sha256 = models.CharField(max_length=HASH)
    title = models.TextField()
    data_sha256 = models.CharField(max_length=HASH)
    rows_address = models.CharField(max_length=HASH)
    rows_digest = models.CharField(max_length=HASH)
    counts = models.JSONField()
    """Scope -> counts by use, and what a reader must know."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Row(models.Model):
    """A line that a run found: every one that could be used or is unknown, and all that go to the destinations."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="rows")
    licence = models.CharField(max_length=ID)
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=200)
    engine = models.CharField(max_length=WORD)
    because = models.CharField(max_length=NAME, blank=True)
    route = models.CharField(max_length=WORD, blank=True)
    basis = models.CharField(max_length=WORD, blank=True)
    path = models.TextField(blank=True)
    grade = models.CharField(max_length=WORD, blank=True)
    rating = models.TextField(blank=True)
    description = models.TextField(blank=True)
    destination = models.CharField(max_length=400)
    onward = models.TextField(blank=True)
    end_user = models.CharField(max_length=400)
    value_centi = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    attributed = models.PositiveIntegerField(default=0)
    """Reported incidents of a party of the profile that can have happened with it; they never decide."""
    reaches = models.BooleanField()
    in_force = models.BooleanField()
    """On the day, and not suspended: what an option can stop."""
    suspended = models.BooleanField()
    granted = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stocktake", "licence", "number"), name="one_row_per_found_line"),
            models.CheckConstraint(
                condition=models.Q(engine__in=[u.value for u in EngineUse]), name="engine_use_is_known"
            ),
        )


class Classification(models.Model):
    """What a person said of one line. The newest counts; none is changed."""

    circumstance = models.ForeignKey(Circumstance, on_delete=models.PROTECT, related_name="classifications")
    licence = models.CharField(max_length=ID)
    number = models.PositiveIntegerField()
    use = models.CharField(max_length=WORD)
    reasons = models.TextField()
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(use__in=[u.value for u in Use]), name="person_use_is_known"),
        )
        indexes = (models.Index(fields=("circumstance", "licence", "number"), name="classification_of_line"),)


class Options(models.Model):
    """The options as they were put to the decider."""

    circumstance = models.ForeignKey(Circumstance, on_delete=models.PROTECT, related_name="options")
    recommended = models.CharField(max_length=WORD)
    advice = models.TextField()
    advice_against = models.TextField(blank=True)
    consequences = models.JSONField()
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Decision(models.Model):
    """What was decided, and about which lines."""

    circumstance = models.OneToOneField(Circumstance, on_delete=models.PROTECT, related_name="decision")
    option = models.CharField(max_length=WORD)
    recommended = models.CharField(max_length=WORD)
    reasons = models.TextField()
    against_reasons = models.TextField(blank=True)
    gates = models.JSONField(default=list)
    """Ids of the questions that were open about it."""
    gate_reasons = models.TextField(blank=True)
    power = models.CharField(max_length=WORD, blank=True)
    limb = models.CharField(max_length=NAME, blank=True)
    terms = models.TextField(blank=True)
    review_by = models.DateField()
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    stopped = models.JSONField()
    """`licence:number` of each line."""
    left = models.JSONField()
    """`licence:number` -> ids of the exemptions that leave it."""
    exemptions = models.JSONField()
    moratorium = models.JSONField(null=True)
    """Destinations, scope, limb, legal basis, review; null: none is set."""
    assessment = models.CharField(max_length=ID, blank=True)
    """Public id of the version of the assessment that was current; empty: there was none."""
    cutoff = models.DateField(null=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(gates=[]) | ~models.Q(gate_reasons=""), name="review_decision_gate_has_reasons"
            ),
        )


class Execution(models.Model):
    """What was done of a decision."""

    circumstance = models.OneToOneField(Circumstance, on_delete=models.PROTECT, related_name="execution")
    stopped = models.JSONField()
    skipped = models.JSONField()
    moratorium = models.CharField(max_length=ID, blank=True)
    executed_on = models.DateField()
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)
