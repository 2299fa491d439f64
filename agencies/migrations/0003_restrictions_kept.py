"""A restriction is a fact: it can be lifted once and confirmed for longer, nothing else of it ever changes."""

from django.db import migrations

KEEP = """
CREATE FUNCTION keep_restriction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a restriction is lifted, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.agency_id, NEW.kind, NEW.starts_at, NEW.ground, NEW.source)
       IS DISTINCT FROM (OLD.agency_id, OLD.kind, OLD.starts_at, OLD.ground, OLD.source)
       OR NEW.ends_at < OLD.ends_at
       OR OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a restriction is lifted or confirmed, never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restriction_kept BEFORE UPDATE OR DELETE ON agencies_restriction
FOR EACH ROW EXECUTE FUNCTION keep_restriction();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_standing")]
    operations = [
        migrations.RunSQL(
            KEEP, "DROP TRIGGER restriction_kept ON agencies_restriction; DROP FUNCTION keep_restriction();"
        )
    ]
