"""People, their roles and teams, and the exporters for which some of them act.

Everything that holds for a time has `valid_from` and `valid_until` (exclusive; empty: until further notice).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

ID = 40
ROLE = 60
NAME = 200


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class SealedText(_Text):
    """Holds what `people.sealed.seal_text` gives, never a text in clear; empty where it was erased."""


class UserManager(BaseUserManager["User"]):
    """Finds users. It creates none: that is an action."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. Acts and pages name them by `public_id`; the address is for signing in alone."""

    public_id = models.CharField(max_length=ID, unique=True)
    email = models.EmailField(unique=True)
    """No address: the pseudonym that `people.addresses` makes of it. So it is in all tables of allauth."""
    address = SealedText(blank=True, default="")
    title = SealedText()
    """What colleagues see: a function ("Licensing officer 3"), not a name."""
    last_login = None
    """Not kept here: signing in is an event in the ledger."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.public_id


class Dated(models.Model):
    """Something that holds for a time."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def _in_order(name: str) -> models.CheckConstraint:
    ordered = Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))
    return models.CheckConstraint(condition=ordered, name=name)


class RoleGrant(Dated):
    """A role of a person."""

    public_id = models.CharField(max_length=ID, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=ROLE)

    class Meta:
        constraints = (
            _in_order("grant_in_order"),
            models.UniqueConstraint(
                fields=("user", "role"), condition=Q(valid_until__isnull=True), name="one_open_grant_per_role"
            ),
        )


class Team(models.Model):
    """People who share an inbox. The name is that of a desk, not of a person: it is in clear."""

    public_id = models.CharField(max_length=ID, unique=True)
    name = models.CharField(max_length=NAME, unique=True)


class Membership(Dated):
    """A person in a team."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = (
            _in_order("membership_in_order"),
            models.UniqueConstraint(
                fields=("team", "user"), condition=Q(valid_until__isnull=True), name="once_in_a_team"
            ),
        )


class Delegation(Dated):
    """Roles that a person lends to another for a time."""

    public_id = models.CharField(max_length=ID, unique=True)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_taken")
    roles = models.JSONField()
    """A list of ids, sorted."""

    class Meta:
        constraints = (
            _in_order("delegation_in_order"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegated_to_another"),
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="delegation_has_an_end"),
        )


class Absence(Dated):
    """Days on which a person does not act: their own roles rest, their delegations count."""

    public_id = models.CharField(max_length=ID, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")

    class Meta:
        constraints = (_in_order("absence_in_order"),)


class Organisation(models.Model):
    """An exporter, or a firm that acts for exporters."""

    public_id = models.CharField(max_length=ID, unique=True)
    name = SealedText()
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)


class OrganisationMember(Dated):
    """A person of an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="organisations")

    class Meta:
        constraints = (
            _in_order("member_in_order"),
            models.UniqueConstraint(
                fields=("organisation", "user"),
                condition=Q(valid_until__isnull=True),
                name="once_in_an_organisation",
            ),
        )


class Agent(Dated):
    """An organisation that acts for an exporter: its people may do what the exporter's own people may."""

    public_id = models.CharField(max_length=ID, unique=True)
    agent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="acts_for")
    exporter = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agents")

    class Meta:
        constraints = (
            _in_order("agent_in_order"),
            models.CheckConstraint(condition=~Q(agent=F("exporter")), name="agent_is_another"),
        )


class ApiToken(models.Model):
    """A token for the API and the command line. Its text was shown once; here is only its hash."""

    public_id = models.CharField(max_length=ID, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    label = SealedText()
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the whole text."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Task(models.Model):
    """One line of an inbox: of a person, of a team, or of whoever holds a role."""

    public_id = models.CharField(max_length=ID, unique=True)
    about = models.CharField(max_length=120, blank=True)
    """Public id of what it is about."""
    text = SealedText()
    """Under the key of the person whose task it is, else under that of the task."""
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    role = models.CharField(max_length=ROLE, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("state", "user"), name="task_of_person"),
            models.Index(fields=("state", "team"), name="task_of_team"),
            models.Index(fields=("state", "role"), name="task_of_role"),
            models.Index(fields=("about",), name="task_about"),
        )


class ResetRequest(models.Model):
    """A reset of a sign-in that waits for a second administrator, or did. Who asked, and why, is in the ledger."""

    public_id = models.CharField(max_length=ID, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reset_requests")
    state = models.CharField(max_length=20, default="waiting")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(state="waiting"), name="one_reset_waits"),
        )


class CacheRow(models.Model):
    """Counters of the rate limits and used codes, shared by all processes: no fact, and exempt from the guard.

    `people.cache.JsonCache` reads and writes it, outside actions: a refused sign-in is no act.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "penholder_cache"
