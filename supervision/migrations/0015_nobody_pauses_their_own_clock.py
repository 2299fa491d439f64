"""A complaint's clock stands only by two persons' word: one asked, another, of a regulator, agreed.

Events of the kind there was before a second person had to agree are read, and never written again.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION guard_complaint_pause() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked supervision_complaintevent;
BEGIN
  IF NEW.kind = 'paused' THEN
    RAISE EXCEPTION 'complaint %: a pause is asked for and agreed to', NEW.complaint_id
      USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO asked FROM supervision_complaintevent WHERE complaint_id = NEW.complaint_id
    AND kind IN ('pause_asked', 'pause_agreed', 'pause_refused') ORDER BY seq DESC LIMIT 1;
  IF asked.kind IS DISTINCT FROM 'pause_asked' OR NEW.by_user_id IS NULL OR asked.by_user_id = NEW.by_user_id
     OR NEW.data->>'pause_until' IS NULL
     OR (SELECT kind FROM accounts_organisation WHERE id = NEW.by_org_id) IS DISTINCT FROM 'regulator' THEN
    RAISE EXCEPTION 'complaint %: nobody pauses their own clock', NEW.complaint_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_complaint_pause BEFORE INSERT ON supervision_complaintevent
  FOR EACH ROW WHEN (NEW.kind IN ('paused', 'pause_agreed')) EXECUTE FUNCTION guard_complaint_pause();
"""
BACK = """
DROP TRIGGER guard_complaint_pause ON supervision_complaintevent; DROP FUNCTION guard_complaint_pause();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0014_letters")]

    operations = [migrations.RunSQL(GUARD, BACK)]
