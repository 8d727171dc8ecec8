"""Indexes, and what the database itself refuses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("debate", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["kind", "page", "-posted_at", "public_id"], name="comment_by_page"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["root", "path"], name="comment_by_thread"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["member", "-posted_at"], name="comment_by_member"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["queued_at", "public_id"], name="comment_queue"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["visible", "reported", "kept", "held", "removed", "restored"]),
                    models.Q(
                        models.Q(("state__in", ["held", "removed"]), _negated=True),
                        ("measure__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="hidden_by_a_measure_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(condition=models.Q(("depth__lte", 2)), name="three_levels"),
        ),
        migrations.AddConstraint(
            model_name="banproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("member",), name="one_open_ban_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="allowance",
            constraint=models.UniqueConstraint(fields=("member", "kind"), name="one_allowance_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.UniqueConstraint(fields=("member", "rules"), name="accepted_once"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("comment", "member"), name="reported_once"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("measure__in", ["keep", "hold", "remove", "warn", "suspend", "ban"]),
                    ("scope__in", ["comment", "account", "record"]),
                    ("source__in", ["report", "own_initiative"]),
                    ("redress__in", ["appeal"]),
                    models.Q(("rule", ""), _negated=True),
                    models.Q(("person", ""), _negated=True),
                ),
                name="statement_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by_machine", False)), name="a_person_decided"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["-at", "public_id"], name="measure_by_time"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["member", "measure"], name="measure_by_member"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("measure__in", ["keep", "hold", "remove", "warn", "suspend", "ban"]),
                    models.Q(("measure", "keep"), ("statement__isnull", False), _connector="OR"),
                ),
                name="no_restriction_without_statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measure", "suspend"), _negated=True), ("until__isnull", False), _connector="OR"
                ),
                name="a_suspension_has_an_end",
            ),
        ),
    ]
