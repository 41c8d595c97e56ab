from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("parties", "0002_token_allowances")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="legal_name",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="party",
            name="address",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="party",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
        ),
        migrations.AddField(
            model_name="party",
            name="vat_number",
            field=models.CharField(blank=True, default="", max_length=14),
        ),
    ]
