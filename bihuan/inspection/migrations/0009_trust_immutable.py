"""The database itself refuses to change a move, a reckoning or a finished run, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER inspection_trustmove_immutable BEFORE UPDATE OR DELETE ON inspection_trustmove
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_reckoning_immutable BEFORE UPDATE OR DELETE ON inspection_reckoning
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_fairnessrun_immutable BEFORE UPDATE OR DELETE ON inspection_fairnessrun
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION inspection_refuse();
"""

RELEASE = """
DROP TRIGGER inspection_fairnessrun_immutable ON inspection_fairnessrun;
DROP TRIGGER inspection_reckoning_immutable ON inspection_reckoning;
DROP TRIGGER inspection_trustmove_immutable ON inspection_trustmove;
"""


class Migration(migrations.Migration):
    dependencies = [("inspection", "0008_trust")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
