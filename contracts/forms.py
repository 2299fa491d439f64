"""What people fill in between award and acceptance. The rules are in services; nothing typed is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import RefusableForm
from contracts import changes
from contracts.models import Contract, Liable
from contracts.rules.amendments import TITLE_LENGTH, Standing
from core.errors import Refusal
from core.money import Money

TITLE = forms.CharField(max_length=TITLE_LENGTH, required=False)  # a stage without a name is the services' to refuse


def written(label: Any, *, help_text: Any = "", most: int = 300, rows: int = 3) -> forms.CharField:
    """A few sentences. That there are any is the services' to ask for."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text, widget=area)


class DeclineForm(RefusableForm):
    refusal_fields = {"award.reason": "reason"}

    reason = written(_("放弃理由"), help_text=_("理由会公布在本页，并记入诚信档案。"))


class SendBackForm(RefusableForm):
    refusal_fields = {"contract.reason": "reason"}

    reason = written(_("退回理由"), help_text=_("写明需要怎样修改，对方会看到。"))


class EndForm(RefusableForm):
    """Proposing the end of a contract, or disputing it: why, and who is liable in one's own view."""

    refusal_fields = {"contract.reason": "reason"}

    reason = written(_("理由"), help_text=_("写明事实和依据，对方和监管部门会看到。"), most=500, rows=4)
    liable = forms.ChoiceField(label=_("您认为责任在"), choices=Liable.choices, widget=forms.RadioSelect)


class FilingForm(RefusableForm):
    refusal_fields = {"filing.number": "number"}

    number = forms.CharField(label=_("备案编号"), max_length=60, required=False)


class DeliverForm(RefusableForm):
    refusal_fields = {"file.empty": "file", "file.too_large": "file", "file.type": "file"}

    file = forms.FileField(
        label=_("成果文件"),
        allow_empty_file=True,
        help_text=_("PDF、Word、Excel、图片或 ZIP，不超过 20 MB。提交后平台记录校验值，双方可见。"),
    )
    note = forms.CharField(label=_("补充说明"), max_length=300, required=False)


class InvoiceForm(RefusableForm):
    refusal_fields = {"invoice.tax_number": "tax"}

    tax = forms.CharField(
        label=_("税务发票号码"),
        max_length=40,
        required=False,
        help_text=_("已开税务发票的，填数电发票的 20 位号码；也可以先开请款单。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ReturnForm(RefusableForm):
    refusal_fields = {"deliverable.defects": "defects", "deliverable.defects_too_many": "defects"}

    defects = written(_("问题清单"), help_text=_("每行写一条，一次列全：同一阶段只能退回一次。"), most=8000, rows=5)

    def listed(self) -> list[str]:
        return str(self.cleaned_data["defects"]).splitlines()


class SlipForm(RefusableForm):
    refusal_fields = {"file.empty": "slip", "file.too_large": "slip", "file.type": "slip"}

    slip = forms.FileField(
        label=_("银行回单"),
        allow_empty_file=True,
        help_text=_("PDF 或图片，不超过 20 MB，只有双方和监管部门可以看到。"),
    )
    note = forms.CharField(label=_("附言"), max_length=200, required=False)


@dataclass
class Row:
    """One milestone as typed, with what is wrong with it."""

    title: str = ""
    amount: str = ""
    days: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        return not (self.title.strip() or self.amount.strip() or self.days.strip())


class DraftForm(RefusableForm):
    """Terms and milestones. Rows come as repeated milestone_title, milestone_amount and milestone_days."""

    refusal_fields = {"contract.terms": "terms"}

    terms = written(_("合同条款"), most=50000, rows=24)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, contract: Contract, most: int) -> None:
        super().__init__(data, initial={"terms": contract.terms, "version": contract.version})
        self.most = most
        self.rows = _typed(data) if data is not None else _kept(contract)

    @property
    def shown(self) -> list[Row]:
        """The rows and two blank ones, as far as there is room."""
        room = max(0, min(2, self.most - len(self.rows)))
        return self.rows + [Row() for _ in range(room)]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["milestones"] = [self._read(row) for row in self.rows]
        if any(row.errors for row in self.rows):
            self.add_error(None, _("有的阶段填写不正确，请查看表中的提示。"))
        return self.cleaned_data

    def _read(self, row: Row) -> tuple[str, Money, int]:
        amount, days = Money.of(0), 0
        try:
            amount = Money.parse(row.amount)
        except Refusal as refusal:
            row.errors.append(f"{refusal.sentence}{refusal.way_out}")
        if row.days.strip().isascii() and row.days.strip().isdigit() and len(row.days.strip()) <= 4:
            days = int(row.days)
        else:
            row.errors.append(str(_("工作日数请填写半角整数。")))
        return _title(row), amount, days


@dataclass
class StageRow:
    """One milestone of a proposed change as typed. `fixed`: nothing of it may change; `priced`: only its last day."""

    milestone: int
    title: str
    amount: str
    due: str
    fixed: bool = False
    priced: bool = False
    errors: list[str] = field(default_factory=list)


class AmendForm(RefusableForm):
    """A change to a signed contract. Rows come as repeated stage_title, stage_amount and stage_due, in order."""

    refusal_fields = {"contract.reason": "reason", "contract.terms": "terms"}

    reason = written(_("变更理由"), help_text=_("对方据此决定是否同意；理由会留在合同记录里。"), most=500)
    terms = written(_("合同条款"), most=50000, rows=16)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, contract: Contract, stages: Sequence[Standing]) -> None:
        super().__init__(data, initial={"terms": contract.terms, "version": contract.version})
        self.rows = [_stage_row(one) for one in stages]
        if data is not None:
            columns = (data.getlist(f"stage_{name}") for name in ("title", "amount", "due"))
            for row, (title, amount, due) in zip(self.rows, zip(*columns, strict=False), strict=False):
                row.title, row.amount, row.due = title, amount, due

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["stages"] = [self._read(row) for row in self.rows]
        if any(row.errors for row in self.rows):
            self.add_error(None, _("有的阶段填写不正确，请查看表中的提示。"))
        return self.cleaned_data

    def _read(self, row: StageRow) -> tuple[int, str, Money, date]:
        amount, due = Money.of(0), changes.day(row.due)
        try:
            amount = Money.parse(row.amount)
        except Refusal as refusal:
            row.errors.append(f"{refusal.sentence}{refusal.way_out}")
        if due is None:
            row.errors.append(str(_("请选择日期。")))
        return row.milestone, _title(row), amount, due or date.min


def _title(row: Row | StageRow) -> str:
    """A stage's name as typed; what no text field takes is told beside its row."""
    try:
        return str(TITLE.clean(row.title))
    except forms.ValidationError as fault:
        row.errors.extend(fault.messages)
    return ""


def _stage_row(one: Standing) -> StageRow:
    amount = str(Money(one.amount))
    priced = one.bound or one.returned
    return StageRow(one.milestone, one.title, amount, one.due.isoformat(), fixed=one.handed_in, priced=priced)


def _typed(data: Any) -> list[Row]:
    columns = (data.getlist(f"milestone_{name}") for name in ("title", "amount", "days"))
    return [row for row in (Row(*cells) for cells in zip(*columns, strict=False)) if not row.blank]


def _kept(contract: Contract) -> list[Row]:
    return [Row(one.title, str(one.amount), str(one.days)) for one in contract.milestones.all()]
