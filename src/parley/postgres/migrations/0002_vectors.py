from django.db import migrations
from pgvector.django import VectorExtension


class Migration(migrations.Migration):
    dependencies = [("parley_postgres", "0001_text_search")]
    operations = [VectorExtension()]
