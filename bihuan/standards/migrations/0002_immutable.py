"""The database itself refuses to change or remove a published edition or a withdrawal, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION standards_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published editions are immutable: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER standards_edition_immutable BEFORE UPDATE OR DELETE ON standards_edition
    FOR EACH ROW EXECUTE FUNCTION standards_refuse();
CREATE TRIGGER standards_withdrawal_immutable BEFORE UPDATE OR DELETE ON standards_withdrawal
    FOR EACH ROW EXECUTE FUNCTION standards_refuse();
"""

RELEASE = """
DROP TRIGGER standards_withdrawal_immutable ON standards_withdrawal;
DROP TRIGGER standards_edition_immutable ON standards_edition;
DROP FUNCTION standards_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
