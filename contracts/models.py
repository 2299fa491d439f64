"""Award turned into work: contract, milestones, deliverables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.models import Award
from core.models import Paper, StoredFile
from core.money import MoneyField


class Side(models.TextChoices):
    BUYER = "buyer", _("委托方")
    SUPPLIER = "supplier", _("服务机构")


class Contract(models.Model):
    """Drawn up by either side, confirmed by both. Its state is derived from its dates (rules/lifecycle.py)."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT)
    number = models.CharField(max_length=30, unique=True)
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    supplier = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contracts")
    amount = MoneyField(help_text="equals the award; the database checks the milestones add up to it")
    terms = models.TextField(_("合同条款"), blank=True)
    version = models.PositiveSmallIntegerField(default=1, help_text="a new draft takes back earlier confirmations")
    drafted_by = models.CharField(max_length=10, choices=Side, blank=True)
    drafted_at = models.DateTimeField(null=True)
    sent_back_by = models.CharField(max_length=10, choices=Side, blank=True)
    sent_back_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sign_by = models.DateTimeField()
    buyer_confirmed_at = models.DateTimeField(null=True)
    supplier_confirmed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    file_by = models.DateTimeField(null=True, help_text="until when a department files it, set at the signature")
    completed_at = models.DateTimeField(null=True)
    terminated_at = models.DateTimeField(null=True)
    rules_ref = models.CharField(max_length=40)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_at=None)
                | models.Q(buyer_confirmed_at__isnull=False, supplier_confirmed_at__isnull=False),
                name="signed_means_both_confirmed",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def side_of(self, organisation_id: int | None) -> Side | None:
        """Which party an organisation is, if any."""
        sides = {self.buyer_id: Side.BUYER, self.supplier_id: Side.SUPPLIER}
        return None if organisation_id is None else sides.get(organisation_id)


class Milestone(models.Model):
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("阶段名称"), max_length=120)
    amount = MoneyField(_("阶段金额"))
    days = models.PositiveSmallIntegerField(_("自签订起（工作日）"))
    due_at = models.DateTimeField(null=True, help_text="set when the contract is signed")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="milestone_position")]


class Deliverable(models.Model):
    """One submission of a milestone's result: accepted, or returned once with a list of defects."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="deliverables")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("补充说明"), max_length=300, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateTimeField(help_text="silence until then counts as acceptance for enterprises")
    accepted_at = models.DateTimeField(null=True)
    accepted_silently = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True)
    defects = models.JSONField(default=list, help_text="list of sentences, one per defect")
    rework_by = models.DateTimeField(null=True, help_text="a result sent in again until then is not late")

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=models.Q(accepted_at=None, returned_at=None),
                name="one_deliverable_waits",
            ),
            models.UniqueConstraint(
                fields=["milestone"], condition=models.Q(returned_at__isnull=False), name="returned_once"
            ),
            models.UniqueConstraint(
                fields=["milestone"], condition=models.Q(accepted_at__isnull=False), name="accepted_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], name="deliverable_due", condition=models.Q(accepted_at=None, returned_at=None)
            )
        ]


class Amendment(models.Model):
    """A change to a signed contract as one side proposed it. Never edited: the answer is a row of its own."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="amendments")
    version = models.PositiveSmallIntegerField(help_text="of the contract, once agreed")
    proposed_by = models.CharField(max_length=10, choices=Side)
    proposed_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    reason = models.CharField(_("变更理由"), max_length=500)
    amount = MoneyField()
    terms = models.TextField(_("合同条款"))
    stages = models.JSONField(help_text="all milestones: milestone, title, amount, due (the last day), and before")
    replaces = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="amendment_for_a_reason"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="amendment_costs_something"),
        ]


class AmendmentAnswer(models.Model):
    """What became of a proposed change."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("已同意")
        RETURNED = "returned", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10, choices=Outcome)
    side = models.CharField(max_length=10, choices=Side)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="returned") | ~models.Q(reason=""), name="amendment_returned_for_a_reason"
            )
        ]


class Liable(models.TextChoices):
    """Who is to blame for the end of a contract, in the view of who says so."""

    BUYER = "buyer", _("委托方")
    SUPPLIER = "supplier", _("服务机构")
    BOTH = "both", _("双方都有责任")
    NEITHER = "neither", _("双方都没有责任")


class Termination(models.Model):
    """The end of a signed contract as one side proposed it. Never edited: the answer is a row of its own."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="terminations")
    proposed_by = models.CharField(max_length=10, choices=Side)
    proposed_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="silence until then ends the contract")
    reason = models.CharField(_("解除理由"), max_length=500)
    liable = models.CharField(max_length=10, choices=Liable)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="termination_for_a_reason")]


class TerminationAnswer(models.Model):
    """What became of a proposed end; `liable` is the view of who answered."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("双方同意解除")
        DISPUTED = "disputed", _("对方有异议")
        SILENT = "silent", _("期满未答复，合同解除")
        WITHDRAWN = "withdrawn", _("已撤回")

    termination = models.OneToOneField(Termination, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10, choices=Outcome)
    side = models.CharField(max_length=10, choices=Side, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    liable = models.CharField(max_length=10, choices=Liable, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="disputed") | ~models.Q(reason="") & ~models.Q(liable=""),
                name="termination_disputed_for_a_reason",
            )
        ]


class Filing(models.Model):
    """A department has filed the contract with its regulator, under this number."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT)
    number = models.CharField(_("备案编号"), max_length=60)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(number=""), name="filing_has_a_number")]
