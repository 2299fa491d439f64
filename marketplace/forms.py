"""Forms of the conversation that writes a need, of questions, and of the filters over needs and catalogue.

The step forms read and write a draft: `initial` from its columns, `values()` for services.save_step.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.selectors import regions
from core.money import Money, MoneyFormField
from core.words import length
from core.workdays import LOCAL
from marketplace import schedule, selectors
from marketplace.models import Method, Need, ServiceItem
from marketplace.rules import lifecycle
from marketplace.rules.publication import METHODS, payer_issue
from marketplace.services.questions import LONGEST, LONGEST_ANSWER, SHORTEST
from marketplace.wording import ISSUES, STATES
from payments.selectors import budget

ANY = ("", _("全部"))


class StepForm(forms.Form):
    """A step of the conversation about one draft."""

    def __init__(self, *args: Any, need: Need, terms: schedule.Terms, **kwargs: Any) -> None:
        self.need, self.terms = need, terms
        super().__init__(*args, **{"initial": self.start(need), **kwargs})
        self.arrange()

    @classmethod
    def start(cls, need: Need) -> dict[str, Any]:
        """What the form shows first: the draft's own columns."""
        return {name: getattr(need, name) for name in cls.base_fields if hasattr(need, name)}

    def arrange(self) -> None:
        """Fit the fields to the draft."""

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


class ItemForm(StepForm):
    item = forms.CharField(label=_("服务事项"), max_length=10, error_messages={"required": _("请选择一个服务事项。")})
    own_project = forms.BooleanField(label=Need._meta.get_field("own_project").verbose_name, required=False)  # noqa: SLF001

    @classmethod
    def start(cls, need: Need) -> dict[str, Any]:
        return {"item": need.item.code if need.item else "", "own_project": need.own_project}

    def arrange(self) -> None:
        if self.need.buyer_kind != "department":
            del self.fields["own_project"]

    def clean_item(self) -> str:
        item = selectors.item(self.cleaned_data["item"].strip())
        if item is None:
            raise forms.ValidationError(_("目录里没有这个服务事项，请重新选择。"))
        if item.cancelled_at:
            raise forms.ValidationError(str(ISSUES["item.cancelled"]))
        self.chosen = item
        return item.code

    def clean(self) -> dict[str, Any]:
        item: ServiceItem | None = getattr(self, "chosen", None)
        own = bool(self.cleaned_data.get("own_project"))
        mismatch = item and payer_issue(self.need.buyer_kind, item.payer, own_project=own)
        if mismatch:
            self.add_error("own_project" if "own_project" in self.fields else "item", str(ISSUES[mismatch]))
        return self.cleaned_data


class ScopeForm(StepForm):
    title = forms.CharField(
        label=_("需求名称"),
        max_length=120,
        help_text=_("一句话说清为哪个项目做什么，例如：城东污水处理厂二期项目环境影响报告表编制。"),
    )
    scope = forms.CharField(
        label=_("服务内容与成果要求"),
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("写明项目规模、要做的工作、成果的形式和份数、依据的标准、现场要求。写得越具体，报价越准。"),
    )
    region = forms.ChoiceField(label=_("服务地区"), help_text=_("只用来说明在哪里做，不限制哪里的机构来做。"))
    place = forms.CharField(
        label=_("服务地点"), max_length=200, required=False, help_text=_("例如：广阳区和平路 12 号厂区。")
    )

    @classmethod
    def start(cls, need: Need) -> dict[str, Any]:
        return {**super().start(need), "region": need.region_id or need.buyer.region_id}

    def arrange(self) -> None:
        self.fields["region"].choices = region_choices()  # type: ignore[attr-defined]

    def clean_scope(self) -> str:
        bounds = self.terms.bounds
        scope: str = self.cleaned_data["scope"]
        if not bounds.min_scope_length <= len(scope) <= bounds.max_scope_length:
            data = {"least": bounds.min_scope_length, "most": bounds.max_scope_length, "length": len(scope)}
            raise forms.ValidationError(str(ISSUES["scope.length"]).format(**data))
        return scope


class MoneyForm(StepForm):
    ceiling = MoneyFormField(label=_("最高限价"))
    budget_line = forms.TypedChoiceField(label=_("预算指标"), coerce=int, widget=forms.RadioSelect)

    @classmethod
    def start(cls, need: Need) -> dict[str, Any]:
        return {"ceiling": need.ceiling, "budget_line": need.budget_line_id}

    def arrange(self) -> None:
        self.lines: list[budget.LineStanding] = []
        if self.need.method == Method.RANDOM_DRAW:
            self.fields["ceiling"].label = _("固定价格")
        if self.need.buyer_kind != "department":
            del self.fields["budget_line"]
            return
        self.lines = budget.usable_lines(self.need.buyer_id)
        field = self.fields["budget_line"]
        field.choices = [(one.line.pk, one.label) for one in self.lines]  # type: ignore[attr-defined]
        field.error_messages["required"] = str(ISSUES["budget.missing"])
        field.error_messages["invalid_choice"] = str(ISSUES["budget.year"])

    def clean(self) -> dict[str, Any]:
        ceiling, chosen = self.cleaned_data.get("ceiling"), self.cleaned_data.get("budget_line")
        line = next((one for one in self.lines if one.line.pk == chosen), None)
        if line and isinstance(ceiling, Money) and ceiling > line.standing.free:
            sentence = str(ISSUES["budget.short"]).format(free=line.standing.free, wanted=ceiling)
            self.add_error("budget_line", sentence)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        values = {"ceiling": self.cleaned_data["ceiling"]}
        if "budget_line" in self.fields:
            values["budget_line_id"] = self.cleaned_data["budget_line"]
        return values


class MethodForm(StepForm):
    method = forms.ChoiceField(label=_("选取方式"), widget=forms.RadioSelect)

    def arrange(self) -> None:
        allowed = METHODS.get(self.need.buyer_kind, ())
        field = self.fields["method"]
        field.choices = [(value, label) for value, label in Method.choices if value in allowed]  # type: ignore[attr-defined]
        field.error_messages["required"] = str(ISSUES["method.missing"])
        wrong = "method.designation" if self.need.buyer_kind == "department" else "method.missing"
        field.error_messages["invalid_choice"] = str(ISSUES[wrong])


class ScheduleForm(StepForm):
    EARLIEST, CHOSEN = "earliest", "chosen"

    closing = forms.ChoiceField(label=_("报名截止"), widget=forms.RadioSelect)
    entry_closes_at = forms.DateTimeField(
        label=_("指定时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请填写完整的日期和时间，例如 2026-11-30 17:00。")},
    )
    urgent_reason = forms.CharField(label=_("加急理由"), max_length=300, required=False)
    auction_minutes = forms.TypedChoiceField(label=_("竞价时长"), coerce=int)
    delivery_days = forms.IntegerField(
        label=_("服务时限"), min_value=1, help_text=_("自合同签订起到提交全部成果，按工作日计。")
    )

    @classmethod
    def start(cls, need: Need) -> dict[str, Any]:
        closes = need.entry_closes_at
        start = {**super().start(need), "closing": cls.CHOSEN if closes else cls.EARLIEST}
        return start if need.auction_minutes else {name: start[name] for name in start if name != "auction_minutes"}

    def arrange(self) -> None:
        bounds, fields = self.terms.bounds, self.fields
        fields["closing"].choices = [(self.EARLIEST, _("公告期满就截止（最早）")), (self.CHOSEN, _("另定时间"))]  # type: ignore[attr-defined]
        minutes = [(n, length(n, "minutes")) for n in bounds.auction_minutes]
        fields["auction_minutes"].choices = minutes  # type: ignore[attr-defined]
        fields["auction_minutes"].initial = self.terms.rules["default_auction_minutes"]
        fields["auction_minutes"].error_messages["invalid_choice"] = str(ISSUES["schedule.minutes"])
        fields["delivery_days"].max_value = bounds.max_delivery_days  # type: ignore[attr-defined]
        fields["delivery_days"].widget.attrs |= {"min": 1, "max": bounds.max_delivery_days}
        if self.need.method != Method.LIVE_AUCTION:
            del fields["auction_minutes"]
        if self.need.method == Method.DIRECT:
            for name in ("closing", "entry_closes_at", "urgent_reason"):
                del fields[name]

    def clean_delivery_days(self) -> int:
        days: int = self.cleaned_data["delivery_days"]
        if days > self.terms.bounds.max_delivery_days:
            raise forms.ValidationError(
                str(ISSUES["schedule.delivery"]).format(most=self.terms.bounds.max_delivery_days)
            )
        return days

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("closing") == self.CHOSEN and "entry_closes_at" not in self.errors:
            self._check_closing()
        return self.cleaned_data

    def _check_closing(self) -> None:
        closes, urgent = self.cleaned_data.get("entry_closes_at"), self.cleaned_data.get("urgent_reason", "")
        if closes is None:
            self.add_error("entry_closes_at", _("请填写报名截止时间，或选择公告期满就截止。"))
            return
        self.need.urgent_reason = urgent
        bounds = schedule.terms(self.need, self.terms.at).bounds
        for wrong, code, name, limit in (
            (closes < bounds.earliest_close, "schedule.too_early", "earliest", bounds.earliest_close),
            (closes > bounds.latest_close, "schedule.too_late", "latest", bounds.latest_close),
        ):
            if wrong:
                sentence = str(ISSUES[code]).format(**{name: f"{limit.astimezone(LOCAL):%Y-%m-%d %H:%M}"})
                self.add_error("entry_closes_at", sentence)

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        chosen = values.pop("closing", self.EARLIEST) == self.CHOSEN
        values["entry_closes_at"] = values.get("entry_closes_at") if chosen else None
        values.setdefault("auction_minutes", None)
        return values


STEP_FORMS: dict[str, type[StepForm]] = {
    "item": ItemForm,
    "scope": ScopeForm,
    "money": MoneyForm,
    "method": MethodForm,
    "schedule": ScheduleForm,
}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("终止理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("理由会在公告中公开。"),
    )


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("您的问题"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("问题和答复对所有人公开，提问者在中选前不公开。请不要在问题里写出单位名称。"),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("您的答复"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("答复向所有人公开，提交后不再修改。"),
    )


def region_choices() -> list[tuple[str, str]]:
    return [(region.code, str(region)) for region in regions() if not region.code.endswith("0000") or _is_city(region)]


def _is_city(region: Region) -> bool:
    """Municipalities are provinces by their code and cities to those who live there."""
    return region.code[:2] in {"11", "12", "31", "50"}


class NeedFilterForm(forms.Form):
    """Filters over needs, all optional; what cannot be read is shown as an error and left out."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("类别"), required=False)
    item = forms.CharField(label=_("事项编码"), required=False, max_length=10, widget=forms.HiddenInput)
    region = forms.ChoiceField(label=_("地区"), required=False)
    method = forms.ChoiceField(label=_("选取方式"), required=False, choices=[ANY, *Method.choices])
    state = forms.ChoiceField(label=_("状态"), required=False)
    payer = forms.ChoiceField(
        label=_("谁付费"), required=False, choices=[ANY, ("enterprise", _("企业")), ("department", _("政府部门"))]
    )
    least = MoneyFormField(label=_("限价不低于"), required=False)
    most = MoneyFormField(label=_("限价不高于"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        choices=[
            ("", _("最新发布")),
            ("closing", _("最早截止")),
            ("amount", _("限价从高到低")),
            ("amount_up", _("限价从低到高")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state, STATES[state]) for state in lifecycle.STATES if state != lifecycle.DRAFT]
        self._offer("state", [("open", _("可以报名")), *states])
        self._offer("region", region_choices())
        self._offer("category", [(one.category_code, one.category) for one in selectors.categories()])

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]

    def filters(self) -> selectors.NeedFilters:
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        for name in ("least", "most"):
            if isinstance(kept.get(name), Money):
                kept[name] = kept[name].amount
        return selectors.NeedFilters(**kept)

    def narrowed(self, names: Iterable[str] = ()) -> bool:
        """Does one of these filters (default all, not the order) leave something out, or hold an error?"""
        among = tuple(names) or tuple(name for name in self.fields if name != "sort")
        return any(self.cleaned_data.get(name) or name in self.errors for name in among)


class CatalogueFilterForm(forms.Form):
    q = forms.CharField(label=_("事项、审批或法律依据"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("类别"), required=False)
    payer = forms.ChoiceField(label=_("谁付费"), required=False, choices=[ANY, *ServiceItem.Payer.choices])
    self_service = forms.BooleanField(label=_("可以自行办理"), required=False)
    licensed = forms.BooleanField(label=_("须有法定资质"), required=False)
    shows = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("现行有效")), ("cancelled", _("已取消")), ("all", _("全部"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = [(one.category_code, one.category) for one in selectors.categories()]
        self.fields["category"].choices = [ANY, *categories]  # type: ignore[attr-defined]

    def filters(self) -> selectors.CatalogueFilters:
        self.is_valid()
        return selectors.CatalogueFilters(**self.cleaned_data)
