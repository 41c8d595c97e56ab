"""Tickets that are there already are counted as well: the worker folds them as if they were new."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_days_months_and_what_tickets_add"),
        ("tickets", "0009_tickets_of_their_opener"),
    ]

    operations = [
        migrations.RunSQL(
            "INSERT INTO reports_stale (ticket) SELECT id FROM tickets_ticket ORDER BY id",
            migrations.RunSQL.noop,
        )
    ]
