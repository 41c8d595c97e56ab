import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("parties", "0001_parties_and_people")]

    operations = [
        migrations.CreateModel(
            name="TokenAllowance",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="parties.apitoken",
                    ),
                ),
                ("full_at", models.DateTimeField()),
            ],
        ),
        # Written by every API request and worth nothing after a crash: no write-ahead log, and room
        # on each page for the next version of a row.
        migrations.RunSQL(
            "ALTER TABLE parties_tokenallowance SET UNLOGGED;"
            "ALTER TABLE parties_tokenallowance SET (fillfactor = 50);",
            migrations.RunSQL.noop,
        ),
    ]
