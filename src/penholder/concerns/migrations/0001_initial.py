"""Tables of the concerns, and what the database itself refuses of them."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from penholder.ledger.triggers import install_triggers


def install_rules(apps: Any, schema_editor: Any) -> None:
    install_triggers(schema_editor.connection)


def _key() -> "models.BigAutoField[int, int]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", _key()),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("policy", models.CharField(max_length=30)),
                ("raised_on", models.DateField()),
                ("matter", models.CharField(max_length=30)),
                ("points", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
                ("commitment", models.CharField(max_length=64)),
                ("asks_decider", models.BooleanField(default=False)),
                ("has_stale_key", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="KnownTarget",
            fields=[
                ("id", _key()),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=300)),
                ("state", models.CharField(blank=True, max_length=30)),
                ("state_on", models.DateField(null=True)),
                ("people", models.JSONField(default=list)),
                ("dissents", models.PositiveIntegerField(default=0)),
                ("open", models.BooleanField(default=False)),
                ("made_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", _key()),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("level", models.PositiveSmallIntegerField()),
                ("person", models.CharField(max_length=40)),
                ("points", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="concerns.concern"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Filer",
            fields=[
                ("id", _key()),
                ("lookup", models.CharField(max_length=64, unique=True)),
                ("public", models.BinaryField()),
                ("boxed", models.BinaryField()),
                ("joined", models.BooleanField(default=False)),
                ("on", models.DateField()),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filers", to="concerns.concern"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", _key()),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("address", models.CharField(max_length=64, unique=True)),
                ("name", models.BinaryField()),
                ("media_type", models.CharField(max_length=120)),
                ("size", models.BigIntegerField()),
                ("on", models.DateField()),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="concerns.concern",
                    ),
                ),
                (
                    "filer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="concerns.filer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", _key()),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("text", models.BinaryField()),
                ("on", models.DateField()),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="concerns.concern"
                    ),
                ),
                (
                    "filer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="concerns.filer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfficerKey",
            fields=[
                ("id", _key()),
                ("public", models.BinaryField()),
                ("locked", models.BinaryField()),
                ("on", models.DateField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", _key()),
                ("person", models.CharField(max_length=40)),
                ("stood_in_for", models.TextField(blank=True, default="")),
                ("on", models.DateField()),
                ("run", models.CharField(max_length=40)),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signature", to="concerns.answer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnsweredPoint",
            fields=[
                ("id", _key()),
                ("point", models.PositiveSmallIntegerField()),
                ("disposition", models.CharField(max_length=30)),
                ("grounds", models.BinaryField()),
                ("more", models.BinaryField()),
                ("records", models.PositiveSmallIntegerField()),
                ("says_none_because", models.BooleanField()),
                ("has_action", models.BooleanField()),
                ("action_due", models.DateField(null=True)),
                ("says_no_action_because", models.BooleanField()),
                ("is_repeated", models.BooleanField(default=False)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answered", to="concerns.answer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "point"), name="a_point_is_answered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "disposition__in",
                                [
                                    "upheld",
                                    "partly",
                                    "not_upheld",
                                    "cannot_be_established",
                                    "referred",
                                    "not_for_this_body",
                                ],
                            )
                        ),
                        name="answer_has_a_disposition",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThanOrEqual(
                            django.db.models.functions.text.Length("grounds"), models.Value(89)
                        ),
                        name="answer_has_grounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("records__gt", 0), ("says_none_because", False)),
                            models.Q(("records", 0), ("says_none_because", True)),
                            _connector="OR",
                        ),
                        name="answer_says_what_was_looked_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("action_due__isnull", False),
                                ("has_action", True),
                                ("says_no_action_because", False),
                            ),
                            models.Q(
                                ("action_due__isnull", True),
                                ("has_action", False),
                                ("says_no_action_because", True),
                            ),
                            _connector="OR",
                        ),
                        name="answer_says_what_will_be_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposition__in", ["upheld", "partly"]), _negated=True),
                            ("has_action", True),
                            _connector="OR",
                        ),
                        name="what_is_upheld_is_mended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", _key()),
                ("person", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("done", models.BooleanField(default=False)),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="concerns.concern"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LapseNote",
            fields=[
                ("id", _key()),
                ("level", models.PositiveSmallIntegerField()),
                ("due", models.DateField()),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="concerns.concern"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("concern", "level", "due"), name="lapse_noted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", _key()),
                ("level", models.PositiveSmallIntegerField()),
                ("boxed", models.BinaryField()),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readers", to="concerns.concern"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("concern", "user"), name="one_box_per_reader")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", _key()),
                ("number", models.PositiveIntegerField()),
                ("move", models.CharField(max_length=30)),
                ("on", models.DateField()),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("person", models.CharField(blank=True, max_length=40)),
                ("points", models.JSONField(default=list)),
                ("levels", models.JSONField(default=list)),
                ("measures", models.JSONField(default=list)),
                ("until", models.DateField(null=True)),
                ("run", models.CharField(max_length=40)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="concerns.concern"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("concern", "number"), name="steps_in_order")],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", _key()),
                ("on", models.DateField()),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="concerns.concern"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="concerns.knowntarget"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("concern", "target"), name="once_about_a_target")],
            },
        ),
        migrations.RunPython(install_rules, migrations.RunPython.noop),
    ]
