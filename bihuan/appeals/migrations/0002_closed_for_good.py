"""The database itself keeps what was appealed, viewed and decided, whoever asks, and the order in which it happens."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION appeals_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was appealed or decided is never changed: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION appeals_keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('decided', 'withdrawn', 'lapsed') THEN
        RAISE EXCEPTION 'a closed appeal is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.kind, NEW.subject, NEW.person_id, NEW.edition, NEW.submitted_at, NEW.submitted_by_id, NEW.told_at)
        IS DISTINCT FROM
       (OLD.kind, OLD.subject, OLD.person_id, OLD.edition, OLD.submitted_at, OLD.submitted_by_id, OLD.told_at) THEN
        RAISE EXCEPTION 'what is appealed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION appeals_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT a.state INTO stands FROM appeals_appeal a JOIN appeals_appealitem i ON i.appeal_id = a.id
        WHERE i.id = NEW.item_id;
    IF stands IN ('decided', 'withdrawn', 'lapsed') THEN
        RAISE EXCEPTION 'the appeal is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_TABLE_NAME = 'appeals_decision' THEN
        IF NOT EXISTS (
            SELECT 1 FROM appeals_secondview v WHERE v.item_id = NEW.item_id AND v.given_by_id = NEW.decided_by_id
        ) THEN
            RAISE EXCEPTION 'a blind second view comes first' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER appeals_appeal_closed BEFORE UPDATE ON appeals_appeal FOR EACH ROW EXECUTE FUNCTION appeals_keep_closed();
CREATE TRIGGER appeals_appeal_kept BEFORE DELETE ON appeals_appeal FOR EACH ROW EXECUTE FUNCTION appeals_refuse();
CREATE TRIGGER appeals_secondview_in_order BEFORE INSERT ON appeals_secondview
    FOR EACH ROW EXECUTE FUNCTION appeals_in_order();
CREATE TRIGGER appeals_decision_in_order BEFORE INSERT ON appeals_decision
    FOR EACH ROW EXECUTE FUNCTION appeals_in_order();
CREATE TRIGGER appeals_appealitem_immutable BEFORE UPDATE OR DELETE ON appeals_appealitem
    FOR EACH ROW EXECUTE FUNCTION appeals_refuse();
CREATE TRIGGER appeals_secondview_immutable BEFORE UPDATE OR DELETE ON appeals_secondview
    FOR EACH ROW EXECUTE FUNCTION appeals_refuse();
CREATE TRIGGER appeals_decision_immutable BEFORE UPDATE OR DELETE ON appeals_decision
    FOR EACH ROW EXECUTE FUNCTION appeals_refuse();
CREATE TRIGGER appeals_checksuspension_immutable BEFORE UPDATE OR DELETE ON appeals_checksuspension
    FOR EACH ROW EXECUTE FUNCTION appeals_refuse();
"""

RELEASE = """
DROP TRIGGER appeals_appealitem_immutable ON appeals_appealitem;
DROP TRIGGER appeals_secondview_immutable ON appeals_secondview;
DROP TRIGGER appeals_decision_immutable ON appeals_decision;
DROP TRIGGER appeals_checksuspension_immutable ON appeals_checksuspension;
DROP TRIGGER appeals_decision_in_order ON appeals_decision;
DROP TRIGGER appeals_secondview_in_order ON appeals_secondview;
DROP TRIGGER appeals_appeal_kept ON appeals_appeal;
DROP TRIGGER appeals_appeal_closed ON appeals_appeal;
DROP FUNCTION appeals_in_order();
DROP FUNCTION appeals_keep_closed();
DROP FUNCTION appeals_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, RELEASE)]
