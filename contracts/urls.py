"""Addresses from award to acceptance."""

from django.urls import path

from contracts.views import amending, award, contract, delivery, money, terminating

app_name = "contracts"
urlpatterns = [
    path("awards/<int:pk>/", award.award, name="award"),
    path("awards/<int:pk>/confirm/", award.confirm, name="award_confirm"),
    path("awards/<int:pk>/decline/", award.decline, name="award_decline"),
    path("awards/<int:pk>/letter.pdf", award.letter, name="letter"),
    path("contracts/", contract.contracts, name="contracts"),
    path("contracts/<int:pk>/", contract.contract, name="contract"),
    path("contracts/<int:pk>/draft/", contract.draft, name="draft"),
    path("contracts/<int:pk>/confirm/", contract.confirm, name="confirm"),
    path("contracts/<int:pk>/return-draft/", contract.send_back, name="send_back"),
    path("contracts/<int:pk>/contract.pdf", contract.contract_pdf, name="contract_pdf"),
    path("contracts/<int:pk>/amend/", amending.amend, name="amend"),
    path("contracts/<int:pk>/versions/<int:number>/", amending.version, name="version"),
    path("amendments/<int:pk>/agree/", amending.agree, name="amendment_agree"),
    path("amendments/<int:pk>/return/", amending.return_, name="amendment_return"),
    path("amendments/<int:pk>/withdraw/", amending.withdraw, name="amendment_withdraw"),
    path("contracts/<int:pk>/terminate/", terminating.terminate, name="terminate"),
    path("terminations/<int:pk>/agree/", terminating.agree, name="termination_agree"),
    path("terminations/<int:pk>/dispute/", terminating.dispute, name="termination_dispute"),
    path("terminations/<int:pk>/withdraw/", terminating.withdraw, name="termination_withdraw"),
    path("contracts/<int:pk>/file/", terminating.file, name="file_contract"),
    path("contracts/<int:pk>/fund/", money.fund, name="fund"),
    path("milestones/<int:pk>/bank-transfer/", money.report_transfer, name="report_transfer"),
    path("milestones/<int:pk>/invoice/", money.invoice, name="invoice"),
    path("milestones/<int:pk>/deliver/", delivery.deliver, name="deliver"),
    path("deliverables/<int:pk>/accept/", delivery.accept, name="accept"),
    path("deliverables/<int:pk>/return/", delivery.return_, name="return"),
    path("deliverables/<int:pk>/file/", delivery.file, name="file"),
]
