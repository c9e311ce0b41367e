"""The database itself refuses to change or remove a kept result, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION appraisal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kept results are never changed: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER appraisal_resultset_immutable BEFORE UPDATE OR DELETE ON appraisal_resultset
    FOR EACH ROW EXECUTE FUNCTION appraisal_refuse();
CREATE TRIGGER appraisal_result_immutable BEFORE UPDATE OR DELETE ON appraisal_result
    FOR EACH ROW EXECUTE FUNCTION appraisal_refuse();
"""

RELEASE = """
DROP TRIGGER appraisal_result_immutable ON appraisal_result;
DROP TRIGGER appraisal_resultset_immutable ON appraisal_resultset;
DROP FUNCTION appraisal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0002_computation")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
