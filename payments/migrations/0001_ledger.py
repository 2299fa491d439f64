"""The books, and what the database itself keeps: every transfer balances, nothing is edited or deleted, an entry carries
its account's number and balance, moments within an account do not run backwards, and what may not be negative is not."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.append_only import append_only

# An entry takes its account's next number and carries the balance on. The account's row is the lock and the check.
CARRY = """
CREATE FUNCTION ledger_carry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_account SET balance = balance + NEW.amount, debits = debits + greatest(NEW.amount, 0),
        entries = entries + 1, last_at = NEW.at
    WHERE id = NEW.account_id AND (last_at IS NULL OR last_at <= NEW.at)
    RETURNING entries, balance, debits INTO NEW.seq, NEW.balance, NEW.debits;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % has a later entry', NEW.account_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_carry BEFORE INSERT ON payments_entry FOR EACH ROW EXECUTE FUNCTION ledger_carry();
"""
# At the end of the transaction every transfer it touched has two lines or more, adds up to zero, has one moment.
BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    lines bigint;
    total numeric;
    strays bigint;
BEGIN
    SELECT count(*), coalesce(sum(e.amount), 0), count(*) FILTER (WHERE e.at <> t.at) INTO lines, total, strays
    FROM payments_entry e JOIN payments_transfer t ON t.id = e.transfer_id WHERE e.transfer_id = number;
    IF lines < 2 OR total <> 0 OR strays > 0 THEN
        RAISE EXCEPTION 'transfer % has % lines, adds up to %, and % lines of another moment', number, lines, total, strays
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON payments_transfer
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced('id');
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON payments_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced('transfer_id');
"""
# An account opens empty; after that only its entries move it, from inside their trigger.
GUARD = """
CREATE FUNCTION ledger_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance <> 0 OR NEW.debits <> 0 OR NEW.entries <> 0 OR NEW.last_at IS NOT NULL THEN
        RAISE EXCEPTION 'an account opens empty' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION ledger_moved_by_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'accounts are moved by entries only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_opens_empty BEFORE INSERT ON payments_account
FOR EACH ROW EXECUTE FUNCTION ledger_opens_empty();
CREATE TRIGGER ledger_moved_by_entries BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_moved_by_entries();
ALTER TABLE payments_account SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("side", models.SmallIntegerField(help_text="1 grows by debits, -1 by credits")),
                ("may_be_negative", models.BooleanField()),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="signed, kept by the entries' trigger",
                        max_digits=18,
                    ),
                ),
                (
                    "debits",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), help_text="all debits so far", max_digits=18
                    ),
                ),
                ("entries", models.PositiveBigIntegerField(default=0)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(help_text="the same key never moves money twice", max_length=120, unique=True),
                ),
                ("digest", models.CharField(help_text="SHA-256 of cause, reference and lines", max_length=64)),
                ("at", models.DateTimeField()),
                ("cause", models.CharField(help_text='what happened, such as "need.published"', max_length=60)),
                ("reference", models.CharField(help_text='what it is about, such as "need:12"', max_length=60)),
                ("rules_ref", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "by_org",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField(help_text="1, 2, 3 … within the account")),
                ("at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "debits",
                    models.DecimalField(
                        decimal_places=2, help_text="of the account up to and with this entry", max_digits=18
                    ),
                ),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2, help_text="of the account after this entry, signed", max_digits=18
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.account",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="payments.transfer",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["reference"], name="ledger_account_reference"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("kind", "owner", "reference"), name="ledger_account_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(condition=models.Q(("side__in", (1, -1))), name="ledger_side"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("may_be_negative", True),
                    models.Q(("balance__gte", 0), ("side", 1)),
                    models.Q(("balance__lte", 0), ("side", -1)),
                    _connector="OR",
                ),
                name="ledger_not_overdrawn",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["reference"], name="ledger_transfer_reference"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("account"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("seq"), descending=True),
                name="ledger_entry_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("account", "seq"), name="ledger_entry_seq"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("transfer", "account"), name="ledger_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="ledger_entry_not_zero"
            ),
        ),
        append_only("payments_transfer"),
        append_only("payments_entry"),
        migrations.RunSQL(CARRY, "DROP TRIGGER ledger_carry ON payments_entry; DROP FUNCTION ledger_carry()"),
        migrations.RunSQL(
            BALANCED,
            "DROP TRIGGER ledger_balanced ON payments_transfer; DROP TRIGGER ledger_balanced ON payments_entry;"
            "DROP FUNCTION ledger_balanced()",
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER ledger_opens_empty ON payments_account;"
            "DROP TRIGGER ledger_moved_by_entries ON payments_account;"
            "DROP FUNCTION ledger_opens_empty(); DROP FUNCTION ledger_moved_by_entries();"
            "ALTER TABLE payments_account RESET (fillfactor)",
        ),
    ]
