"""Who wrote the record of an inspection has reported what became a case of it, whoever of the team opened it."""

from django.db import migrations

NOT_THEIRS = """
CREATE FUNCTION case_not_of_its_inspectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('dropped', 'proposed', 'sent_back', 'decided', 'review_decided') AND EXISTS (
      SELECT FROM supervision_case c
      JOIN supervision_inspectionofficer o ON c.origin_reference = 'inspection:' || o.inspection_id
      JOIN supervision_inspector i ON i.id = o.inspector_id
      WHERE c.id = NEW.case_id AND c.origin_kind = 'inspection' AND o.recused_at IS NULL
        AND i.user_id = NEW.by_user_id) THEN
    RAISE EXCEPTION 'case %: its inspectors decide nothing in it', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_not_of_its_inspectors BEFORE INSERT ON supervision_caseevent
  FOR EACH ROW EXECUTE FUNCTION case_not_of_its_inspectors();
"""
BACK = """
DROP TRIGGER case_not_of_its_inspectors ON supervision_caseevent; DROP FUNCTION case_not_of_its_inspectors();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0026_question_guards")]
    operations = [migrations.RunSQL(NOT_THEIRS, BACK)]
