"""Awards and contracts, from the draft to the acceptance."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.site.answers import (
    AGENCIES,
    BUYERS,
    DONE,
    MISSING,
    MOVED,
    NO_GET,
    OWNER,
    PARTIES,
    READERS,
    SUPERVISORS,
    Row,
    everybody,
    only,
    those,
)
from tests.site.city import PDF

DRAFT = {"terms": "双方约定如下。", "version": "2", "milestone_title": "全部", "milestone_amount": "40000.00",
         "milestone_days": "30"}  # fmt: skip


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("终稿.pdf", PDF, "application/pdf")


AMEND = {"reason": "双方商定", "terms": "双方另行约定。", "version": "2"}
END = {"reason": "项目取消", "liable": "buyer"}
NOT_CHANGEABLE = "409 contract.not_changeable"
NOT_WINNER = "403 award.not_yours"
ROWS = [
    Row("contracts:award", "pk=award", everybody(), everybody()),
    Row("contracts:award_confirm", "pk=award", NO_GET, only(*AGENCIES, answer=NOT_WINNER, supplier=DONE)),
    Row("contracts:award_decline", "pk=award", NO_GET, only(*AGENCIES, answer=NOT_WINNER, supplier=DONE),
        {"reason": "人手不足"}),
    Row("contracts:letter", "pk=award", everybody(), everybody()),
    Row("contracts:contracts", "", only(*BUYERS, *AGENCIES, *SUPERVISORS), only(*BUYERS, *AGENCIES, *SUPERVISORS)),
    *[Row("contracts:contract", f"pk={place}", only(*READERS), only(*READERS))
      for place in ("drafted", "signed", "completed")],
    Row("contracts:draft", "pk=drafted", only(*PARTIES), only(*PARTIES, answer=DONE), DRAFT),
    Row("contracts:draft", "pk=signed", only(*PARTIES, answer=MOVED), only(*PARTIES, answer=MOVED), DRAFT),
    Row("contracts:confirm", "pk=drafted", NO_GET, only("supplier", answer=DONE, **those(OWNER, MOVED))),
    Row("contracts:send_back", "pk=drafted", NO_GET,
        only("supplier", answer=DONE, **those(OWNER, "409 contract.nothing_to_send_back")), {"reason": "工期太短"}),
    Row("contracts:amend", "pk=signed", only(*PARTIES), only(*PARTIES, answer=DONE), AMEND),
    Row("contracts:contract", "pk=changed", only(*READERS), only(*READERS)),
    Row("contracts:amend", "pk=changed", only(*PARTIES, answer="409 amendment.waiting"),
        only(*PARTIES, answer="409 amendment.waiting")),
    Row("contracts:amend", "pk=drafted", only(*PARTIES, answer=NOT_CHANGEABLE),
        only(*PARTIES, answer=NOT_CHANGEABLE)),
    Row("contracts:version", "pk=signed number=2", only(*READERS), only(*READERS)),
    Row("contracts:version", "pk=signed number=9", only(*READERS, answer=MISSING), only(*READERS, answer=MISSING)),
    Row("contracts:amendment_agree", "pk=amendment", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:amendment_return", "pk=amendment", NO_GET, only(*OWNER, answer=DONE),
        {"reason": "资料已按期提供"}),
    Row("contracts:amendment_withdraw", "pk=amendment", NO_GET, only("supplier", answer=DONE)),
    Row("contracts:terminate", "pk=signed", only(*PARTIES), only(*PARTIES, answer=DONE), END),
    Row("contracts:terminate", "pk=changed", only(*PARTIES, answer="409 termination.waiting"),
        only(*PARTIES, answer="409 termination.waiting")),
    Row("contracts:termination_agree", "pk=termination", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:termination_dispute", "pk=termination", NO_GET, only(*OWNER, answer=DONE), END),
    Row("contracts:termination_withdraw", "pk=termination", NO_GET, only("supplier", answer=DONE)),
    Row("contracts:file_contract", "pk=signed", NO_GET, only(), {"number": "17"}),
    Row("contracts:contract_pdf", "pk=signed", only(*READERS), only(*READERS)),
    Row("contracts:contract_pdf", "pk=drafted", only(*READERS, answer=MISSING), only(*READERS, answer=MISSING)),
    Row("contracts:fund", "pk=signed", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:report_transfer", "pk=milestone", NO_GET, only(*OWNER, answer=DONE), {"slip": a_file}),
    Row("contracts:deliver", "pk=milestone", NO_GET, only("supplier", answer=DONE), {"file": a_file}),
    Row("contracts:accept", "pk=deliverable", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:return", "pk=deliverable", NO_GET, only(*OWNER, answer=DONE), {"defects": "缺少附图"}),
    Row("contracts:file", "pk=deliverable", only(*READERS), only(*READERS)),
]  # fmt: skip
