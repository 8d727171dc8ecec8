from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("restrictions", "0002_gates"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="gates",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="step",
            name="gate_reasons",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(("gates", []), models.Q(("gate_reasons", ""), _negated=True), _connector="OR"),
                name="restriction_step_gate_has_reasons",
            ),
        ),
    ]
