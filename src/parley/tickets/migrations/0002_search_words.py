from django.db import migrations

# Ticket numbers begin where they look like numbers people quote.
NUMBERS = "ALTER TABLE tickets_ticket ALTER COLUMN id RESTART WITH 10001"


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_tickets_and_sides"),
        ("parties", "0001_parties_and_people"),
        ("parley_postgres", "0001_text_search"),
    ]
    operations = [
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
