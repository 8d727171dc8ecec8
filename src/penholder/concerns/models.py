"""Tables of the concerns. Times are days. Texts are sealed under the key of their case, which no table holds.

A `Step` is never changed. Sealed columns are written anew when a case gets a new key, and never otherwise.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from penholder.concerns.values import SHORTEST_GROUNDS, Disposition
from penholder.vault.crypto import OVERHEAD

ID = 40
WORD = 30
NAME = 300


class Concern(models.Model):
    """One concern. Where it stands is derived from its steps."""

    public_id = models.CharField(max_length=ID, unique=True)
    policy = models.CharField(max_length=WORD)
    raised_on = models.DateField()
    matter = models.CharField(max_length=WORD)
    points = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    """Points, and whom the filer keeps out; sealed."""
    commitment = models.CharField(max_length=64)
    asks_decider = models.BooleanField(default=False)
    """Is whoever decides on a target next asked the neutral question of the matter?"""
    has_stale_key = models.BooleanField(default=False)
    """Has somebody lost the concern who had its key? The next one who opens it gives it another."""
    version = models.PositiveIntegerField(default=1)


class Filer(models.Model):
    """A way back for one person: what is left of a locator, and the key of the case, sealed to their secret."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="filers")
    lookup = models.CharField(max_length=64, unique=True)
    public = models.BinaryField()
    boxed = models.BinaryField()
    joined = models.BooleanField(default=False)
    """Came later, through a staff representative."""
    on = models.DateField()


class JoinRequest(models.Model):
    """A staff representative asked that somebody join; another one does it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=ID)
    on = models.DateField()
    done = models.BooleanField(default=False)
    run = models.CharField(max_length=ID)


class OfficerKey(models.Model):
    """The key pair of an officer: the private half is under their passphrase."""

    user = models.OneToOneField("people.User", on_delete=models.PROTECT, related_name="+")
    public = models.BinaryField()
    locked = models.BinaryField()
    on = models.DateField()


class Reader(models.Model):
    """The key of the case, sealed to an officer. Level 0: a staff representative, who can only bring others in."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    boxed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("concern", "user"), name="one_box_per_reader"),)


class Step(models.Model):
    """One thing that happened. Never changed."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=WORD)
    on = models.DateField()
    level = models.PositiveSmallIntegerField(default=0)
    person = models.CharField(max_length=ID, blank=True)
    """Public id of the officer; empty: the filer, or time."""
    points = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    until = models.DateField(null=True)
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("concern", "number"), name="steps_in_order"),)


class LapseNote(models.Model):
    """A lapse that the log has noted: once."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    due = models.DateField()
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("concern", "level", "due"), name="lapse_noted_once"),)


class KnownTarget(models.Model):
    """Something that a concern can be about, as the authority's list says, and who took part in it."""

    public_id = models.CharField(max_length=ID, unique=True)
    kind = models.CharField(max_length=WORD)
    title = models.CharField(max_length=NAME)
    state = models.CharField(max_length=WORD, blank=True)
    state_on = models.DateField(null=True)
    people = models.JSONField(default=list)
    """References of staff (people.staff): they say nothing without the key of the exchange."""
    dissents = models.PositiveIntegerField(default=0)
    """How many dissents are on record at the authority; who wrote them is not known here."""
    open = models.BooleanField(default=False)
    """May everybody know of it?"""
    made_on = models.DateField()
    """Day of the list."""


class Target(models.Model):
    """What a concern is about."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="targets")
    target = models.ForeignKey(KnownTarget, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("concern", "target"), name="once_about_a_target"),)


class Message(models.Model):
    """A message. `filer` empty: an office to everybody who raised or joined the concern."""

    public_id = models.CharField(max_length=ID, unique=True)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="messages")
    filer = models.ForeignKey(Filer, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=0)
    """Of the office that wrote it; 0: the filer did."""
    text = models.BinaryField()
    on = models.DateField()
    run = models.CharField(max_length=ID)


class Attachment(models.Model):
    """A file of the filer, under a key made of the key of the case."""

    public_id = models.CharField(max_length=ID, unique=True)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="attachments")
    filer = models.ForeignKey(Filer, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=64, unique=True)
    name = models.BinaryField()
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    on = models.DateField()
    run = models.CharField(max_length=ID)


class Answer(models.Model):
    """An answer as it was written. It counts once it has a signature."""

    public_id = models.CharField(max_length=ID, unique=True)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="answers")
    level = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=ID)
    points = models.PositiveSmallIntegerField()
    """How many points it answers: no signature without as many rows of `AnsweredPoint`."""
    on = models.DateField()
    run = models.CharField(max_length=ID)


class AnsweredPoint(models.Model):
    """The answer to one point. The database itself refuses one without grounds of some length.

    `grounds` is as long as the text and the overhead of sealing it, so its length can be checked by who cannot
    read it.
    """

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="answered")
    point = models.PositiveSmallIntegerField()
    disposition = models.CharField(max_length=WORD)
    grounds = models.BinaryField()
    more = models.BinaryField()
    """What was looked at, action and owner, or why there is none; sealed."""
    records = models.PositiveSmallIntegerField()
    """How many records were named; 0: it says why there are none."""
    says_none_because = models.BooleanField()
    has_action = models.BooleanField()
    action_due = models.DateField(null=True)
    says_no_action_because = models.BooleanField()
    is_repeated = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("answer", "point"), name="a_point_is_answered_once"),
            models.CheckConstraint(
                condition=Q(disposition__in=[d.value for d in Disposition]), name="answer_has_a_disposition"
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("grounds"), Value(OVERHEAD + SHORTEST_GROUNDS)),
                name="answer_has_grounds",
            ),
            models.CheckConstraint(
                condition=Q(records__gt=0, says_none_because=False) | Q(records=0, says_none_because=True),
                name="answer_says_what_was_looked_at",
            ),
            models.CheckConstraint(
                condition=Q(has_action=True, action_due__isnull=False, says_no_action_because=False)
                | Q(has_action=False, action_due__isnull=True, says_no_action_because=True),
                name="answer_says_what_will_be_done",
            ),
            models.CheckConstraint(
                condition=~Q(disposition__in=["upheld", "partly"]) | Q(has_action=True),
                name="what_is_upheld_is_mended",
            ),
        )


class Signature(models.Model):
    """A second person signed an answer. Never changed."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="signature")
    person = models.CharField(max_length=ID)
    stood_in_for = models.TextField(blank=True, default="")
    """Ids, by spaces, of those whose delegation the signer held: the database compares them with the author's."""
    on = models.DateField()
    run = models.CharField(max_length=ID)
