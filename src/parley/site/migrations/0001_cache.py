from django.db import migrations

# The table of Django's database cache: the shared counters of sign-in throttling.
CACHE = """
CREATE UNLOGGED TABLE site_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX site_cache_expires ON site_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(CACHE, "DROP TABLE site_cache")]
