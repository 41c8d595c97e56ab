from django.db import migrations

SUM_TO_ZERO = """
CREATE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_transfer bigint;
    total numeric;
    currencies integer;
    postings integer;
BEGIN
    IF TG_TABLE_NAME = 'ledger_transfer' THEN
        of_transfer := NEW.id;
    ELSE
        of_transfer := NEW.transfer_id;
    END IF;
    SELECT coalesce(sum(posting.amount_minor), 0), count(DISTINCT account.currency), count(*)
      INTO total, currencies, postings
      FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.account_id
     WHERE posting.transfer_id = of_transfer;
    IF total <> 0 OR currencies <> 1 OR postings < 2 THEN
        RAISE EXCEPTION 'transfer % has % postings in % currencies that sum to %, not to zero',
            of_transfer, postings, currencies, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_sums_to_zero AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();
CREATE CONSTRAINT TRIGGER postings_sum_to_zero AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();

CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER transfer_never_changes BEFORE UPDATE OR DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER posting_never_changes BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
"""

BACK = """
DROP TRIGGER posting_never_changes ON ledger_posting;
DROP TRIGGER transfer_never_changes ON ledger_transfer;
DROP FUNCTION ledger_never_changes();
DROP TRIGGER postings_sum_to_zero ON ledger_posting;
DROP TRIGGER transfer_sums_to_zero ON ledger_transfer;
DROP FUNCTION ledger_sums_to_zero();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_accounts_and_payments")]

    operations = [migrations.RunSQL(SUM_TO_ZERO, BACK)]
