"""Which versions came with the software, under which number: an operator's own version may have taken that number.

A version that was added on a desk has its line in the audit trail; every other one came with the software.
"""

from django.db import migrations, models

MARK = """
ALTER TABLE core_ruleset DISABLE TRIGGER core_ruleset_append_only;
UPDATE core_ruleset SET shipped = version WHERE NOT EXISTS (
  SELECT FROM core_auditentry WHERE stream = 'rules:' || core_ruleset.name AND action = 'version_added'
    AND (data->>'version')::int = core_ruleset.version);
ALTER TABLE core_ruleset ENABLE TRIGGER core_ruleset_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_rules_and_papers_stay")]
    operations = [
        migrations.AddField(
            "ruleset",
            "shipped",
            models.PositiveSmallIntegerField(
                help_text="the number this came under with the software; empty: put in force here", null=True
            ),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
