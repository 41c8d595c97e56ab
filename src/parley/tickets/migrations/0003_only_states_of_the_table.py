from django.db import migrations, models
from django.db.models import Q

STATES = [
    # (status, turn, dispute)
    ("answered", "opener", "decided"),
    ("answered", "opener", "none"),
    ("cancelled", "", "none"),
    ("cancelled", "", "withdrawn"),
    ("completed", "", "decided"),
    ("completed", "", "none"),
    ("created", "counterparty", "none"),
    ("in_progress", "counterparty", "none"),
    ("in_progress", "operator", "decided"),
    ("in_progress", "operator", "open"),
    ("waiting", "counterparty", "decided"),
    ("waiting", "counterparty", "open"),
    ("waiting", "opener", "decided"),
    ("waiting", "opener", "none"),
    ("waiting", "opener", "open"),
]


def in_the_table():
    condition = Q()
    for status, turn, dispute in STATES:
        condition |= Q(status=status, turn=turn, dispute=dispute)
    return condition


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_search_words")]

    operations = [
        migrations.RemoveConstraint("ticket", name="status_is_known"),
        migrations.RemoveConstraint("ticket", name="somebody_has_the_turn_while_open"),
        migrations.AddConstraint(
            "ticket",
            models.CheckConstraint(condition=in_the_table(), name="state_is_in_the_table"),
        ),
        migrations.AddConstraint(
            "ticket",
            models.CheckConstraint(
                condition=Q(turn="", turn_party=None) | (~Q(turn="") & Q(turn_party__isnull=False)),
                name="turn_names_its_party",
            ),
        ),
        migrations.AddConstraint(
            "ticket",
            models.CheckConstraint(
                condition=Q(completes_at=None) | Q(status="answered"),
                name="only_answered_completes_by_itself",
            ),
        ),
    ]
