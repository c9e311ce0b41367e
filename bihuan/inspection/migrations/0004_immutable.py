"""The database itself refuses to change what was drawn, submitted or released, whoever asks."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION inspection_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kept as it was: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION inspection_refuse_after_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.evaluation_id ELSE NEW.evaluation_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM inspection_evaluation WHERE id = touched AND submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a submitted evaluation is not changed: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER inspection_draw_immutable BEFORE UPDATE OR DELETE ON inspection_draw
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_released_immutable BEFORE UPDATE OR DELETE ON inspection_evaluation
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_score_immutable BEFORE UPDATE ON inspection_evaluation
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL AND (
        OLD.tree IS DISTINCT FROM NEW.tree OR OLD.total IS DISTINCT FROM NEW.total
        OR OLD.evaluator_id IS DISTINCT FROM NEW.evaluator_id OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at))
    EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_answer_immutable BEFORE INSERT OR UPDATE OR DELETE ON inspection_answer
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_after_submission();
CREATE TRIGGER inspection_comment_immutable BEFORE INSERT OR UPDATE OR DELETE ON inspection_comment
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_after_submission();
CREATE TRIGGER inspection_acknowledgement_immutable BEFORE UPDATE OR DELETE ON inspection_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
"""

RELEASE = """
DROP TRIGGER inspection_acknowledgement_immutable ON inspection_acknowledgement;
DROP TRIGGER inspection_comment_immutable ON inspection_comment;
DROP TRIGGER inspection_answer_immutable ON inspection_answer;
DROP TRIGGER inspection_score_immutable ON inspection_evaluation;
DROP TRIGGER inspection_released_immutable ON inspection_evaluation;
DROP TRIGGER inspection_draw_immutable ON inspection_draw;
DROP FUNCTION inspection_refuse_after_submission();
DROP FUNCTION inspection_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("inspection", "0003_evaluations")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
