"""What may be done next with a complaint or a case, as forms: one small form for each act, all made the same way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.models import Organisation
from core.errors import Refusal
from supervision import words
from supervision.models import Case
from supervision.rules.discretion import Ground

REASONS = _("理由")
FILES_HINT = _("图片、PDF、Word、Excel 或 ZIP，每次最多 5 个，每个不超过 20 MB。")


@dataclass(frozen=True)
class Act:
    """`code`: what the form sends; `fields`: of text, outcome, sanction, ground, files, office; `primary`: in front."""

    code: str
    title: str | Promise
    fields: tuple[str, ...] = ("text",)
    label: str | Promise = REASONS
    hint: str | Promise = ""
    outcomes: tuple[str, ...] = ()
    primary: bool = False


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; cleaned data is a list."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=ManyFiles(attrs={"multiple": True}), **more)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        return [super(ManyFilesField, self).clean(one, initial) for one in data or [] if one]


class ActForm(forms.Form):
    """The form of an act. `ground`: the scale the measures are chosen from."""

    def __init__(self, act: Act, data: Any = None, files: Any = None, *, ground: Ground | None = None) -> None:
        super().__init__(data, files, prefix=act.code)
        self.act = act
        makers = {"outcome": self._outcome, "sanction": self._sanction, "ground": self._ground, "files": self._files,
                  "office": self._office}  # fmt: skip
        for name in act.fields:
            if name == "text":
                self.fields["text"] = forms.CharField(
                    label=str(act.label),
                    max_length=4000,
                    help_text=str(act.hint),
                    widget=forms.Textarea(attrs={"rows": 4, "data-keep": True}),
                )
            elif name == "sanction":
                self._sanction(ground)
            else:
                makers[name]()

    def _outcome(self) -> None:
        choices = [(code, words.OUTCOMES.get(code) or words.REVIEW_OUTCOMES[code]) for code in self.act.outcomes]
        self.fields["outcome"] = forms.ChoiceField(label=_("结论"), choices=choices, widget=forms.RadioSelect)

    def _sanction(self, ground: Ground | None = None) -> None:
        options = ground.options if ground else ()
        labels = [(one.kind, f"{Case.Measure(one.kind).label}（{one.fewest}–{one.most}）") for one in options]
        needed = "outcome" not in self.act.fields
        self.fields["measure"] = forms.ChoiceField(
            label=_("措施（天数幅度）"), choices=labels, widget=forms.RadioSelect, required=needed
        )
        self.fields["days"] = forms.IntegerField(
            label=_("期限（天）"), min_value=1, max_value=3650, required=needed, help_text=_("每项措施都必须有终点。")
        )

    def _ground(self) -> None:
        self.fields["ground"] = forms.ChoiceField(label=_("情形（裁量基准）"), choices=list(words.GROUNDS.items()))

    def _office(self) -> None:
        """One of the regulators; which of them fit is for the verb to say."""
        rows = accounts.of_kind(Organisation.Kind.REGULATOR)
        self.fields["office"] = forms.TypedChoiceField(
            label=_("转给哪个监管部门"), coerce=int, choices=[(row.pk, row.name) for row in rows]
        )

    def _files(self) -> None:
        self.fields["files"] = ManyFilesField(
            label=_("附件"),
            required=False,
            help_text=_("图片、PDF、Word、Excel 或 ZIP，每次最多 5 个，每个不超过 20 MB。"),
        )

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")


def forms_for(acts: Iterable[Act], sent: ActForm | None, *, ground: Ground | None = None) -> list[ActForm]:
    """An empty form for each act; the one that was sent and refused stays as it was typed."""
    return [sent if sent and sent.act.code == act.code else ActForm(act, ground=ground) for act in acts]
