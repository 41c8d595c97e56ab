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


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION parley")]
