import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tickets", "0001_tickets_and_sides"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("business_hours", "Business hours"),
                            ("round_the_clock", "Round the clock"),
                        ],
                        default="business_hours",
                        max_length=20,
                    ),
                ),
                ("time_zone", models.CharField(max_length=60)),
                ("weekly_hours", models.JSONField(blank=True, default=dict)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                (
                    "own_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["business_hours", "round_the_clock"])),
                        name="calendar_mode_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("question", "A general question"),
                            ("slowing", "An issue that's slowing me down"),
                            ("urgent", "A major issue"),
                        ],
                        max_length=8,
                        null=True,
                    ),
                ),
                (
                    "party_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("seller", "Seller"),
                            ("supplier", "Supplier"),
                            ("operator", "Operator"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("working_seconds", models.PositiveIntegerField()),
                ("active", models.BooleanField(default=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="sla.calendar"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="tickets.topic",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "priority", "party_kind"),
                        name="one_policy_a_combination",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_seconds__gte", 1)),
                        name="policy_gives_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("priority", None),
                            ("priority__in", ["question", "slowing", "urgent"]),
                            _connector="OR",
                        ),
                        name="policy_priority_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("party_kind", None),
                            ("party_kind__in", ["seller", "supplier", "operator"]),
                            _connector="OR",
                        ),
                        name="policy_party_kind_is_known",
                    ),
                ],
            },
        ),
    ]
