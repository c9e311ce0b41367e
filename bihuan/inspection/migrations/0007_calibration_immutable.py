"""The database itself refuses to change a closed calibration, what it was made of, a submitted rating, a raised alarm."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION inspection_calibration_is_closed(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM inspection_calibration WHERE id = asked AND closed_at IS NOT NULL)
$$;

CREATE FUNCTION inspection_refuse_when_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF inspection_calibration_is_closed(NEW.calibration_id) THEN
        RAISE EXCEPTION 'a closed calibration is not changed: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION inspection_refuse_rating_when_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.contact_id ELSE NEW.contact_id END;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.submitted_at IS NOT NULL OR inspection_calibration_is_closed(
            (SELECT calibration_id FROM inspection_calibrationcontact WHERE id = touched)) THEN
        RAISE EXCEPTION 'a submitted rating or closed calibration is not changed: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION inspection_refuse_after_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.rating_id ELSE NEW.rating_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM inspection_rating r JOIN inspection_calibrationcontact c ON c.id = r.contact_id
               WHERE r.id = touched AND (r.submitted_at IS NOT NULL OR inspection_calibration_is_closed(c.calibration_id))) THEN
        RAISE EXCEPTION 'a submitted rating is not changed: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER inspection_calibration_kept BEFORE DELETE ON inspection_calibration
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_calibration_immutable BEFORE UPDATE ON inspection_calibration
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL OR OLD.edition_hash IS DISTINCT FROM NEW.edition_hash
        OR OLD.edition_ref IS DISTINCT FROM NEW.edition_ref OR OLD.manifest IS DISTINCT FROM NEW.manifest
        OR OLD.seed IS DISTINCT FROM NEW.seed OR OLD.made_by_id IS DISTINCT FROM NEW.made_by_id)
    EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_seat_immutable BEFORE UPDATE OR DELETE ON inspection_calibrationseat
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_seat_in_time BEFORE INSERT ON inspection_calibrationseat
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_when_closed();
CREATE TRIGGER inspection_calibrationcontact_immutable BEFORE UPDATE OR DELETE ON inspection_calibrationcontact
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_calibrationcontact_in_time BEFORE INSERT ON inspection_calibrationcontact
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_when_closed();
CREATE TRIGGER inspection_rating_immutable BEFORE INSERT OR UPDATE OR DELETE ON inspection_rating
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_rating_when_closed();
CREATE TRIGGER inspection_ratinganswer_immutable BEFORE INSERT OR UPDATE OR DELETE ON inspection_ratinganswer
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_after_rating();
CREATE TRIGGER inspection_ratingcomment_immutable BEFORE INSERT OR UPDATE OR DELETE ON inspection_ratingcomment
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse_after_rating();
CREATE TRIGGER inspection_scalealarm_kept BEFORE DELETE ON inspection_scalealarm
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
CREATE TRIGGER inspection_scalealarm_immutable BEFORE UPDATE ON inspection_scalealarm
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL OR OLD.value IS DISTINCT FROM NEW.value
        OR OLD.rater_id IS DISTINCT FROM NEW.rater_id OR OLD.raised_at IS DISTINCT FROM NEW.raised_at)
    EXECUTE FUNCTION inspection_refuse();
"""

RELEASE = """
DROP TRIGGER inspection_scalealarm_immutable ON inspection_scalealarm;
DROP TRIGGER inspection_scalealarm_kept ON inspection_scalealarm;
DROP TRIGGER inspection_ratingcomment_immutable ON inspection_ratingcomment;
DROP TRIGGER inspection_ratinganswer_immutable ON inspection_ratinganswer;
DROP TRIGGER inspection_rating_immutable ON inspection_rating;
DROP TRIGGER inspection_calibrationcontact_in_time ON inspection_calibrationcontact;
DROP TRIGGER inspection_calibrationcontact_immutable ON inspection_calibrationcontact;
DROP TRIGGER inspection_seat_in_time ON inspection_calibrationseat;
DROP TRIGGER inspection_seat_immutable ON inspection_calibrationseat;
DROP TRIGGER inspection_calibration_immutable ON inspection_calibration;
DROP TRIGGER inspection_calibration_kept ON inspection_calibration;
DROP FUNCTION inspection_refuse_after_rating();
DROP FUNCTION inspection_refuse_rating_when_closed();
DROP FUNCTION inspection_refuse_when_closed();
DROP FUNCTION inspection_calibration_is_closed(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("inspection", "0006_calibration")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
