from django.db import migrations

from core.append_only import append_only

# A card follows its step's order: yellow first, then red, and after red nothing.
FUNCTION = """
CREATE OR REPLACE FUNCTION card_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.colour = 'red' AND NOT EXISTS (
    SELECT 1 FROM supervision_card WHERE step_id = NEW.step_id AND colour = 'yellow' AND raised_at <= NEW.raised_at
  ) THEN
    RAISE EXCEPTION 'a red card comes after a yellow one' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.colour = 'yellow' AND EXISTS (
    SELECT 1 FROM supervision_card WHERE step_id = NEW.step_id AND colour = 'red'
  ) THEN
    RAISE EXCEPTION 'a red card does not turn yellow' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_clocks")]
    operations = [
        append_only("supervision_card"),
        append_only("supervision_duechange"),
        append_only("supervision_escalation"),
        append_only("supervision_excuse"),
        migrations.RunSQL(
            [
                FUNCTION,
                """CREATE TRIGGER supervision_card_order BEFORE INSERT ON supervision_card
                FOR EACH ROW EXECUTE FUNCTION card_order()""",
            ],
            ["DROP TRIGGER supervision_card_order ON supervision_card", "DROP FUNCTION card_order()"],
        ),
    ]
