import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("help_centre", "0001_articles_in_versions")]

    operations = [
        migrations.AlterField(
            model_name="collection",
            name="slug",
            field=models.CharField(blank=True, max_length=200, unique=True),
        ),
        migrations.AddField(
            model_name="collectiontext", name="header", field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="translation", name="header", field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="translation",
            name="ending",
            field=models.CharField(blank=True, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="translation",
            name="phrases",
            field=models.TextField(
                blank=True,
                default="",
                help_text="title and phrasings of the published version, for mistyped words",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="version",
            name="text",
            field=models.TextField(blank=True, default="", help_text="the body without its marks"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="image",
            name="language",
            field=models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="image", name="one_image_a_path"),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.UniqueConstraint(
                fields=["article", "language", "path"], name="one_image_a_path_and_language"
            ),
        ),
        migrations.RemoveIndex(model_name="translation", name="translation_trigrams"),
        migrations.AddIndex(
            model_name="translation",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["phrases"], name="phrases_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
