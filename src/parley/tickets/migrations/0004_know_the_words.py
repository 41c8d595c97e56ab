from django.db import migrations

# By default PostgreSQL remembers the frequency of a thousand words, and takes every other word for
# one in two hundred tickets: among a million tickets it would then walk the whole list for a word
# that three of them say. It remembers five times as many, and rare ones are known to be rare.
MORE = "ALTER TABLE tickets_words ALTER COLUMN everyone SET STATISTICS 500"
AS_BEFORE = "ALTER TABLE tickets_words ALTER COLUMN everyone SET STATISTICS -1"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_only_states_of_the_table")]

    operations = [migrations.RunSQL(MORE, AS_BEFORE)]
