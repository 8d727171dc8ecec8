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
    ]
