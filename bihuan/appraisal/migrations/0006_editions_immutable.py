"""The text of an edition that results rest on is never changed either."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER appraisal_keptedition_immutable BEFORE UPDATE OR DELETE ON appraisal_keptedition
    FOR EACH ROW EXECUTE FUNCTION appraisal_refuse();
"""

RELEASE = "DROP TRIGGER appraisal_keptedition_immutable ON appraisal_keptedition;"


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0005_kept_edition")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
