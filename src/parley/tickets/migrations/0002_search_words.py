from django.db import migrations

# The `russian` configuration stems ASCII words as English and Cyrillic ones as Russian; unaccent in
# front of both folds ё into е and é into e.
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION parley (COPY = russian);
ALTER TEXT SEARCH CONFIGURATION parley ALTER MAPPING FOR asciiword, asciihword, hword_asciipart
    WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION parley ALTER MAPPING FOR word, hword, hword_part
    WITH unaccent, russian_stem;
"""
# Ticket numbers begin where they look like numbers people quote.
NUMBERS = "ALTER TABLE tickets_ticket ALTER COLUMN id RESTART WITH 10001"


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_tickets_and_sides"),
        ("parties", "0001_parties_and_people"),
    ]
    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION parley"),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
