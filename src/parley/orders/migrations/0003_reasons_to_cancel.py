"""The reasons to cancel an order that an operator starts with."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REASONS = [
    {"en": "The customer changed their mind", "ru": "Покупатель передумал"},
    {"en": "Ordered by mistake", "ru": "Заказано по ошибке"},
    {"en": "Ordered twice", "ru": "Заказано дважды"},
    {"en": "The delivery address is wrong", "ru": "Неверный адрес доставки"},
    {"en": "It would take too long", "ru": "Слишком долгая доставка"},
    {"en": "The customer has not paid", "ru": "Покупатель не оплатил"},
    {"en": "It looks like fraud", "ru": "Похоже на мошенничество"},
    {"en": "Another reason", "ru": "Другая причина"},
]


def make_reasons(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Make the list; one that is there already stays as it is."""
    reasons = apps.get_model("orders", "CancelReason").objects
    if not reasons.exists():
        for position, names in enumerate(REASONS):
            reasons.create(names=names, position=position)


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_lists_by_axis")]

    operations = [migrations.RunPython(make_reasons, migrations.RunPython.noop)]
