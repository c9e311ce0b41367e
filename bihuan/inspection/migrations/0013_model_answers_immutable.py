"""The database itself refuses to change an answer of the model, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER inspection_modelanswer_immutable BEFORE UPDATE OR DELETE ON inspection_modelanswer
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
"""

RELEASE = "DROP TRIGGER inspection_modelanswer_immutable ON inspection_modelanswer;"


class Migration(migrations.Migration):
    dependencies = [("inspection", "0012_model_judge")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
