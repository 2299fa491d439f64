"""What a newcomer published may be objected to; nothing anybody complained about is upheld unheard."""

from django.db import migrations, models

HEARD = """
CREATE FUNCTION complaint_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('decided', 'review_decided') AND NEW.data->>'outcome' IN ('upheld', 'partly') AND NOT EXISTS (
      SELECT FROM supervision_complaintevent WHERE complaint_id = NEW.complaint_id
      AND (kind = 'replied' OR (kind = 'notified' AND (data->>'reply_until')::timestamptz <= NEW.at))) THEN
    RAISE EXCEPTION 'complaint %: nothing is upheld before the other side was heard', NEW.complaint_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_heard BEFORE INSERT ON supervision_complaintevent
  FOR EACH ROW EXECUTE FUNCTION complaint_heard();
"""
HEARD_BACK = """
DROP TRIGGER complaint_heard ON supervision_complaintevent; DROP FUNCTION complaint_heard();
"""
ABOUT = [
    ("need", "采购需求"),
    ("competition", "竞价或抽取过程"),
    ("agency", "中介服务机构"),
    ("official", "部门或工作人员"),
    ("clause", "采购条款"),
    ("rating", "评价"),
    ("contract", "合同履行"),
    ("newcomer", "入驻公示信息"),
]


class Migration(migrations.Migration):
    dependencies = [("supervision", "0023_consultation_guards")]
    operations = [
        migrations.AlterField("complaint", "about", models.CharField(choices=ABOUT, max_length=12)),
        migrations.RunSQL(HEARD, HEARD_BACK),
    ]
