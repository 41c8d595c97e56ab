"""What a marketplace promises before its operator has promised anything else."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOUR = 3_600
WORKING_DAY = 8 * HOUR + 1_800  # 9:00 to 17:30
OFFICE = [["09:00", "17:30"]]

PROMISES = [
    # (kind of party, priority, working seconds)
    ("seller", None, WORKING_DAY),
    ("supplier", None, WORKING_DAY),
    ("operator", None, 2 * WORKING_DAY),
    ("operator", "urgent", 4 * HOUR),
]


def make_promises(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Make the default calendar and policies; what is there already stays as it is."""
    calendar, _made = apps.get_model("sla", "Calendar").objects.get_or_create(
        name="Business hours",
        defaults={
            "time_zone": "Europe/London",
            "weekly_hours": {day: OFFICE for day in ("mon", "tue", "wed", "thu", "fri")},
            "country": "GB",
            # The days that all of the United Kingdom shares lack Easter Monday, for one.
            "subdivision": "ENG",
        },
    )
    for party_kind, priority, seconds in PROMISES:
        apps.get_model("sla", "Policy").objects.get_or_create(
            topic=None,
            priority=priority,
            party_kind=party_kind,
            defaults={"calendar": calendar, "working_seconds": seconds},
        )


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_calendars_and_policies")]

    operations = [migrations.RunPython(make_promises, migrations.RunPython.noop)]
