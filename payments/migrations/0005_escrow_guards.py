"""What the database itself keeps about escrow: only an enterprise's money is escrowed, amounts make sense."""

from django.db import migrations, models

# A department pays from its budget through the treasury, never through escrow.
ENTERPRISE = """
CREATE FUNCTION escrow_of_enterprise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM accounts_organisation WHERE id = NEW.buyer_id AND kind = 'enterprise') THEN
        RAISE EXCEPTION 'only an enterprise pays through escrow' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER escrow_of_enterprise BEFORE INSERT OR UPDATE OF buyer_id ON payments_escrow
FOR EACH ROW EXECUTE FUNCTION escrow_of_enterprise();
CREATE TRIGGER bank_payment_of_enterprise BEFORE INSERT OR UPDATE OF buyer_id ON payments_bankpayment
FOR EACH ROW EXECUTE FUNCTION escrow_of_enterprise();
"""
NO_ENTERPRISE = """
DROP TRIGGER escrow_of_enterprise ON payments_escrow;
DROP TRIGGER bank_payment_of_enterprise ON payments_bankpayment;
DROP FUNCTION escrow_of_enterprise();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_escrow")]

    operations = [
        migrations.AddIndex(
            model_name="escrow",
            index=models.Index(fields=["group"], name="escrow_group"),
        ),
        migrations.AddConstraint(
            model_name="escrow",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="escrow_of_something"),
        ),
        migrations.AddConstraint(
            model_name="escrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("buyer", models.F("supplier")), _negated=True), name="escrow_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="escrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_share__gte", 0), ("fee_share__lt", 1)), name="escrow_fee_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="escrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("funded_at", None), ("cancelled_at", None), _connector="OR"),
                name="escrow_funded_or_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowpart",
            constraint=models.UniqueConstraint(fields=("escrow", "position"), name="escrow_part_position"),
        ),
        migrations.AddConstraint(
            model_name="escrowpart",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("reference",), name="escrow_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("released__gte", 0), ("released__lte", models.F("amount"))),
                name="escrow_part_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "paid")), fields=("escrow",), name="escrow_funded_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["opening", "open"])), fields=("escrow",), name="one_funding_open"
            ),
        ),
        migrations.AddIndex(
            model_name="providercall",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="provider_call_due"),
        ),
        migrations.AddIndex(
            model_name="providercall",
            index=models.Index(fields=["provider_id"], name="provider_call_object"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)), fields=("escrow",), name="one_settlement_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_buyer__gte", 0), ("to_supplier__gte", 0)), name="settlement_not_negative"
            ),
        ),
        migrations.RunSQL(ENTERPRISE, NO_ENTERPRISE),
    ]
