from django.db import migrations

NUMBERS = "CREATE SEQUENCE orders_number START 100001"

INVOICES = """
CREATE FUNCTION orders_invoice_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an invoice is never changed or deleted' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER invoice_never_changes BEFORE UPDATE OR DELETE ON orders_invoice
    FOR EACH ROW EXECUTE FUNCTION orders_invoice_never_changes();
"""

INVOICES_BACK = """
DROP TRIGGER invoice_never_changes ON orders_invoice;
DROP FUNCTION orders_invoice_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_reasons_to_cancel")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE orders_number"),
        migrations.RunSQL(INVOICES, INVOICES_BACK),
    ]
