"""The database itself refuses to change or remove entries and seals, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Test runners empty their own databases (named test_…) between tests; nobody else may empty the journal.
CREATE FUNCTION journal_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() NOT LIKE 'test\\_%' THEN
        RAISE EXCEPTION 'the journal is append-only: TRUNCATE on % refused', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION journal_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_truncate();
CREATE TRIGGER journal_seal_no_truncate BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_truncate();
CREATE TRIGGER journal_entry_await_seal AFTER INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_await_seal();
"""

RELEASE = """
DROP TRIGGER journal_entry_await_seal ON journal_entry;
DROP TRIGGER journal_seal_no_truncate ON journal_seal;
DROP TRIGGER journal_entry_no_truncate ON journal_entry;
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP TRIGGER journal_entry_append_only ON journal_entry;
DROP FUNCTION journal_await_seal();
DROP FUNCTION journal_refuse_truncate();
DROP FUNCTION journal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(PROTECT, RELEASE)]
