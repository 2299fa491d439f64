"""Addresses of escrow, bank transfers, payout accounts and the provider's console, all under /money/."""

from django.urls import path

from payments.views import bank, demo_stripe, escrow, escrow_moves, payouts, provider

urlpatterns = [
    path("escrows/", escrow.overview, name="escrows"),
    path("escrows/<int:pk>/", escrow.escrow, name="escrow"),
    path("escrows/<int:pk>/back/", escrow.back, name="escrow_back"),
    path("escrows/<int:pk>/pay/", escrow_moves.pay, name="escrow_pay"),
    path("escrows/<int:pk>/cancel/", escrow_moves.cancel, name="escrow_cancel"),
    path("escrows/<int:pk>/give-back/", escrow_moves.give_back, name="escrow_give_back"),
    path("escrows/<int:pk>/stop/", escrow_moves.stop, name="escrow_stop"),
    path("escrows/<int:pk>/resume/", escrow_moves.resume, name="escrow_resume"),
    path("escrows/<int:pk>/propose/", escrow_moves.propose, name="escrow_propose"),
    path("escrows/<int:pk>/decide/", escrow_moves.decide, name="escrow_decide"),
    path("parts/<int:pk>/release/", escrow_moves.release, name="part_release"),
    path("settlements/<int:pk>/answer/", escrow_moves.answer, name="settlement_answer"),
    path("bank/<int:pk>/slip/", bank.slip, name="bank_slip"),
    path("bank/<int:pk>/confirm/", bank.confirm, name="bank_confirm"),
    path("bank/<int:pk>/refuse/", bank.refuse, name="bank_refuse"),
    path("payouts/", payouts.payouts, name="payouts"),
    path("payouts/open/", payouts.onboard, name="payouts_open"),
    path("payouts/back/", payouts.back, name="payouts_back"),
    path("webhooks/stripe/", provider.webhook, name="webhook"),
    path("provider/", provider.console, name="provider"),
    path("provider/events/<int:pk>/", provider.event, name="provider_event"),
    path("provider/events/<int:pk>/replay/", provider.replay, name="event_replay"),
    path("provider/calls/<int:pk>/retry/", provider.retry, name="call_retry"),
    path("provider/reconcile/", provider.reconcile, name="reconcile"),
    path("reconciliations/<int:pk>/", provider.reconciliation, name="reconciliation"),
    path("demo/checkout/<str:name>/", demo_stripe.checkout, name="demo_checkout"),
    path("demo/checkout/<str:name>/authenticate/", demo_stripe.authenticate, name="demo_authenticate"),
    path("demo/onboarding/<str:name>/", demo_stripe.onboarding, name="demo_onboarding"),
]
