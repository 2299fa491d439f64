"""A migration operation that makes a table append-only: the database itself refuses UPDATE, DELETE and TRUNCATE."""

from django.db.migrations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def append_only(table: str) -> RunSQL:
    """Operation for the migration that creates `table`."""
    return RunSQL(
        [
            FUNCTION,
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
        ],
        f"DROP TRIGGER {table}_append_only ON {table}",
    )
