"""What the database itself keeps about ratings: sealed they may be edited by their writer, revealed they stay.

After that only one reply comes, once, and the ends of the rights it opened move on. A window moves its end while it is
open and is revealed once. What a rating said on a day that is over is what opinions of that day are computed from.
"""

from django.db import migrations

RATING = """
CREATE FUNCTION ratings_rating_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  revealed timestamptz;
  written text[] := '{quality,timeliness,attitude,fees,compliance,text,submitted_by_id,edited_at}';
  replied text[] := '{reply,replied_at}';
  ends text[] := '{reply_by,appeal_by}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'rating % stays', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT revealed_at INTO revealed FROM ratings_ratingwindow WHERE id = NEW.window_id;
  IF TG_OP = 'INSERT' THEN
    IF revealed IS NOT NULL OR NEW.replied_at IS NOT NULL OR NEW.reply <> '' THEN
      RAISE EXCEPTION 'window % is closed', NEW.window_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (revealed IS NULL AND to_jsonb(OLD) - written - ends = to_jsonb(NEW) - written - ends)
     OR (NOT COALESCE(NEW.reply_by < OLD.reply_by OR NEW.appeal_by < OLD.appeal_by, false)
         AND (to_jsonb(OLD) - ends = to_jsonb(NEW) - ends
              OR (to_jsonb(OLD) - replied - ends = to_jsonb(NEW) - replied - ends
                  AND OLD.replied_at IS NULL AND NEW.replied_at >= revealed))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rating % stays as it was revealed', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ratings_rating_stays BEFORE INSERT OR UPDATE OR DELETE ON ratings_rating
  FOR EACH ROW EXECUTE FUNCTION ratings_rating_stays();
CREATE TRIGGER ratings_rating_whole BEFORE TRUNCATE ON ratings_rating
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
WINDOW = """
CREATE FUNCTION ratings_window_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{ends_at,revealed_at}';
BEGIN
  IF TG_OP = 'DELETE' OR OLD.revealed_at IS NOT NULL OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows
     OR NEW.revealed_at < NEW.opened_at THEN
    RAISE EXCEPTION 'window % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_window_stays BEFORE UPDATE OR DELETE ON ratings_ratingwindow
  FOR EACH ROW EXECUTE FUNCTION ratings_window_stays();
CREATE TRIGGER ratings_window_whole BEFORE TRUNCATE ON ratings_ratingwindow
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
RATING_BACK = """
DROP TRIGGER ratings_rating_whole ON ratings_rating;
DROP TRIGGER ratings_rating_stays ON ratings_rating; DROP FUNCTION ratings_rating_stays();
"""
WINDOW_BACK = """
DROP TRIGGER ratings_window_whole ON ratings_ratingwindow;
DROP TRIGGER ratings_window_stays ON ratings_ratingwindow; DROP FUNCTION ratings_window_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0009_rights_of_the_rated")]
    operations = [migrations.RunSQL(RATING, RATING_BACK), migrations.RunSQL(WINDOW, WINDOW_BACK)]
