"""Who has declared a tie to whoever is complained about decides nothing of it: what the services say, by the database."""

from django.db import migrations

TIED = """
CREATE FUNCTION complaint_not_of_the_tied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('accepted', 'rejected', 'transferred', 'notified', 'decided', 'review_decided', 'malicious')
     AND EXISTS (
      SELECT FROM supervision_complaint c JOIN supervision_relation r ON r.organisation_id = c.subject_id
      WHERE c.id = NEW.complaint_id AND r.user_id = NEW.by_user_id) THEN
    RAISE EXCEPTION 'complaint %: nobody tied to whom it is about decides', NEW.complaint_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_not_of_the_tied BEFORE INSERT ON supervision_complaintevent
  FOR EACH ROW EXECUTE FUNCTION complaint_not_of_the_tied();
"""
BACK = """
DROP TRIGGER complaint_not_of_the_tied ON supervision_complaintevent; DROP FUNCTION complaint_not_of_the_tied();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0027_inspectors_decide_no_case")]
    operations = [migrations.RunSQL(TIED, BACK)]
