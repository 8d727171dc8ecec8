from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="gates",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="decision",
            name="gate_reasons",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("gates", []), models.Q(("gate_reasons", ""), _negated=True), _connector="OR"),
                name="review_decision_gate_has_reasons",
            ),
        ),
    ]
