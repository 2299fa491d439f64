"""What the database itself keeps about yearly grades.

A list is of a year that is over, by the operator; its lines come before the publicity, once each, and no grade without
a row of the file. During the publicity the agency objects to its own line; a line is replaced only after an objection
that somebody uninvolved upheld. Published is only what was public to its end and has nothing left to decide; after
that nothing changes.
"""

from django.db import migrations

from core.append_only import append_only

OPERATOR = """
CREATE FUNCTION ratings_of_operator(person bigint, body bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_organisation o ON o.id = m.organisation_id
                 WHERE m.user_id = person AND o.id = body AND o.kind = 'operator')
$$;
"""
LIST = """
CREATE FUNCTION ratings_grade_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE begins text[] := '{public_from,objections_until}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'grades of % stay', OLD.year USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.as_of <> make_timestamptz(NEW.year + 1, 1, 1, 0, 0, 0, 'Asia/Shanghai') - interval '1 microsecond'
       OR NEW.public_from IS NOT NULL OR NOT ratings_of_operator(NEW.by_user_id, NEW.by_org_id) THEN
      RAISE EXCEPTION 'grades of % are proposed by the operator, as of the end of the year', NEW.year
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(OLD) - begins <> to_jsonb(NEW) - begins
     OR (OLD.public_from IS NULL AND NOT EXISTS (SELECT 1 FROM ratings_gradeline l WHERE l.list_id = OLD.id))
     OR (OLD.public_from IS NOT NULL AND (NEW.public_from IS DISTINCT FROM OLD.public_from
         OR COALESCE(NEW.objections_until < OLD.objections_until, true)
         OR EXISTS (SELECT 1 FROM ratings_gradepublication p WHERE p.list_id = OLD.id))) THEN
    RAISE EXCEPTION 'grades of % stay as they were proposed', OLD.year USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_grade_list BEFORE INSERT OR UPDATE OR DELETE ON ratings_gradelist
  FOR EACH ROW EXECUTE FUNCTION ratings_grade_list();
CREATE TRIGGER ratings_grade_list_whole BEFORE TRUNCATE ON ratings_gradelist
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
LINE = """
CREATE FUNCTION ratings_grade_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record; before record;
BEGIN
  SELECT g.as_of, g.public_from, EXISTS (SELECT 1 FROM ratings_gradepublication p WHERE p.list_id = g.id) AS final
    INTO matter FROM ratings_gradelist g WHERE g.id = NEW.list_id;
  IF NEW.replaces_id IS NULL THEN
    IF matter.public_from IS NOT NULL OR NEW.put_right_until <> matter.as_of THEN
      RAISE EXCEPTION 'list % is public already', NEW.list_id USING ERRCODE = 'check_violation';
    END IF;
  ELSE
    SELECT l.list_id, l.agency_id, l.replaces_id INTO before FROM ratings_gradeline l WHERE l.id = NEW.replaces_id;
    IF matter.final OR before.list_id <> NEW.list_id OR before.agency_id <> NEW.agency_id OR before.replaces_id IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM ratings_appeal a JOIN ratings_appealdecision d ON d.appeal_id = a.id
                      WHERE a.line_id = NEW.replaces_id AND d.upheld) THEN
      RAISE EXCEPTION 'line % is replaced only after an upheld objection', NEW.replaces_id
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.grade <> '' AND NOT EXISTS (
       SELECT 1 FROM ratings_creditevent e WHERE e.agency_id = NEW.agency_id AND e.happened_at <= matter.as_of
       AND COALESCE(e.published_at, e.happened_at) <= matter.as_of) THEN
    RAISE EXCEPTION 'agency % has no row that a grade could come from', NEW.agency_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_grade_line BEFORE INSERT ON ratings_gradeline
  FOR EACH ROW EXECUTE FUNCTION ratings_grade_line();
"""
OBJECTION = """
CREATE FUNCTION ratings_grade_objection() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record;
BEGIN
  SELECT l.agency_id, l.replaces_id, g.public_from, g.objections_until,
         EXISTS (SELECT 1 FROM ratings_gradepublication p WHERE p.list_id = g.id) AS final
    INTO matter FROM ratings_gradeline l JOIN ratings_gradelist g ON g.id = l.list_id WHERE l.id = NEW.line_id;
  IF NEW.by_org_id <> matter.agency_id OR matter.replaces_id IS NOT NULL OR matter.final
     OR COALESCE(NEW.filed_at < matter.public_from OR NEW.filed_at >= matter.objections_until, true) THEN
    RAISE EXCEPTION 'line % is objected to by its agency, during the publicity', NEW.line_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_grade_objection BEFORE INSERT ON ratings_appeal
  FOR EACH ROW WHEN (NEW.line_id IS NOT NULL) EXECUTE FUNCTION ratings_grade_objection();
"""
# Beside what holds for every appeal: not whoever proposed the list, and nobody of the agency.
DECIDER = """
CREATE FUNCTION ratings_grade_decider() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record;
BEGIN
  SELECT l.agency_id, g.by_user_id INTO matter FROM ratings_appeal a JOIN ratings_gradeline l ON l.id = a.line_id
    JOIN ratings_gradelist g ON g.id = l.list_id WHERE a.id = NEW.appeal_id;
  IF FOUND AND (NEW.by_user_id = matter.by_user_id OR NEW.by_org_id = matter.agency_id
                OR ratings_belongs(NEW.by_user_id, ARRAY[matter.agency_id])) THEN
    RAISE EXCEPTION 'appeal % is decided by somebody involved', NEW.appeal_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_grade_decider BEFORE INSERT ON ratings_appealdecision
  FOR EACH ROW EXECUTE FUNCTION ratings_grade_decider();
"""
PUBLICATION = """
CREATE FUNCTION ratings_grade_publication() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE until timestamptz;
BEGIN
  SELECT g.objections_until INTO until FROM ratings_gradelist g WHERE g.id = NEW.list_id;
  IF COALESCE(NEW.at < until, true) OR NOT ratings_of_operator(NEW.by_user_id, NEW.by_org_id) THEN
    RAISE EXCEPTION 'list % is published by the operator, after its publicity', NEW.list_id
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM ratings_gradeline l JOIN ratings_appeal a ON a.line_id = l.id
             LEFT JOIN ratings_appealdecision d ON d.appeal_id = a.id
             LEFT JOIN ratings_gradeline n ON n.replaces_id = l.id
             WHERE l.list_id = NEW.list_id AND (d.id IS NULL OR (d.upheld AND n.id IS NULL))) THEN
    RAISE EXCEPTION 'list % has an objection that is not settled', NEW.list_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_grade_publication BEFORE INSERT ON ratings_gradepublication
  FOR EACH ROW EXECUTE FUNCTION ratings_grade_publication();
"""
LIST_BACK = """
DROP TRIGGER ratings_grade_list_whole ON ratings_gradelist;
DROP TRIGGER ratings_grade_list ON ratings_gradelist; DROP FUNCTION ratings_grade_list();
"""
DROP = "DROP TRIGGER {0} ON {1}; DROP FUNCTION {0}()"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0011_yearly_grades")]
    operations = [
        migrations.RunSQL(OPERATOR, "DROP FUNCTION ratings_of_operator(bigint, bigint)"),
        migrations.RunSQL(LIST, LIST_BACK),
        append_only("ratings_gradeline"),
        append_only("ratings_gradepublication"),
        migrations.RunSQL(LINE, DROP.format("ratings_grade_line", "ratings_gradeline")),
        migrations.RunSQL(OBJECTION, DROP.format("ratings_grade_objection", "ratings_appeal")),
        migrations.RunSQL(DECIDER, DROP.format("ratings_grade_decider", "ratings_appealdecision")),
        migrations.RunSQL(PUBLICATION, DROP.format("ratings_grade_publication", "ratings_gradepublication")),
    ]
