"""What the database itself keeps about inspections: no draw before its time, nothing changed after it was published."""

from django.db import migrations

from core.append_only import append_only

TABLES = ("drawing", "drawingword", "drawingresult", "inspectionevent", "finding", "inspectionphoto")
GUARDS = """
CREATE FUNCTION plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published plan is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_stays BEFORE UPDATE OR DELETE ON supervision_inspectionplan
FOR EACH ROW EXECUTE FUNCTION plan_stays();

CREATE FUNCTION drawing_of_published_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM supervision_inspectionplan
                   WHERE id = NEW.plan_id AND published_at <= NEW.committed_at) THEN
        RAISE EXCEPTION 'only a published plan is drawn' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawing_of_published_plan BEFORE INSERT ON supervision_drawing
FOR EACH ROW EXECUTE FUNCTION drawing_of_published_plan();

CREATE FUNCTION drawn_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.drawn_at < (SELECT draws_at FROM supervision_drawing WHERE id = NEW.drawing_id) THEN
        RAISE EXCEPTION 'nothing is drawn before the announced time' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawn_in_time BEFORE INSERT ON supervision_drawingresult
FOR EACH ROW EXECUTE FUNCTION drawn_in_time();

CREATE FUNCTION word_before_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.at >= (SELECT draws_at FROM supervision_drawing WHERE id = NEW.drawing_id)
       OR EXISTS (SELECT 1 FROM supervision_drawingresult WHERE drawing_id = NEW.drawing_id) THEN
        RAISE EXCEPTION 'words are taken until the announced time only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER word_before_draw BEFORE INSERT ON supervision_drawingword
FOR EACH ROW EXECUTE FUNCTION word_before_draw();

CREATE FUNCTION inspection_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an inspection is not deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.number, OLD.plan_id, OLD.drawing_id, OLD.subject_id, OLD.band, OLD.follows_id, OLD.opened_at)
       IS DISTINCT FROM
       (NEW.number, NEW.plan_id, NEW.drawing_id, NEW.subject_id, NEW.band, NEW.follows_id, NEW.opened_at) THEN
        RAISE EXCEPTION 'what was drawn stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.concluded_at IS NOT NULL AND (OLD.outcome, OLD.summary, OLD.concluded_at, OLD.publish_by)
       IS DISTINCT FROM (NEW.outcome, NEW.summary, NEW.concluded_at, NEW.publish_by) THEN
        RAISE EXCEPTION 'a concluded result is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at THEN
        RAISE EXCEPTION 'a published result is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inspection_stays BEFORE UPDATE OR DELETE ON supervision_inspection
FOR EACH ROW EXECUTE FUNCTION inspection_stays();

CREATE FUNCTION found_before_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM supervision_inspection
               WHERE id = NEW.inspection_id AND concluded_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the record of a concluded inspection is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_before_conclusion BEFORE INSERT ON supervision_finding
FOR EACH ROW EXECUTE FUNCTION found_before_conclusion();
CREATE TRIGGER photo_before_conclusion BEFORE INSERT ON supervision_inspectionphoto
FOR EACH ROW EXECUTE FUNCTION found_before_conclusion();
"""
NO_GUARDS = """
DROP TRIGGER plan_stays ON supervision_inspectionplan;
DROP TRIGGER drawing_of_published_plan ON supervision_drawing;
DROP TRIGGER drawn_in_time ON supervision_drawingresult;
DROP TRIGGER word_before_draw ON supervision_drawingword;
DROP TRIGGER inspection_stays ON supervision_inspection;
DROP TRIGGER finding_before_conclusion ON supervision_finding;
DROP TRIGGER photo_before_conclusion ON supervision_inspectionphoto;
DROP FUNCTION plan_stays();
DROP FUNCTION drawing_of_published_plan();
DROP FUNCTION drawn_in_time();
DROP FUNCTION word_before_draw();
DROP FUNCTION inspection_stays();
DROP FUNCTION found_before_conclusion();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_inspections")]
    operations = [
        *(append_only(f"supervision_{table}") for table in TABLES),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
