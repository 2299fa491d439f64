"""Addresses of department money, under /money/."""

from django.urls import path

from payments.views import batches, budget, debts, orders

urlpatterns = [
    path("budget/", budget.overview, name="budget"),
    path("budget/lines.<str:ending>", budget.overview_file, name="budget_file"),
    path("budget/new/", budget.open_line, name="open_line"),
    path("budget/<int:pk>/", budget.line, name="line"),
    path("budget/<int:pk>/adjust/", budget.adjust, name="adjust"),
    path("budget/years/<int:year>/", budget.year_end, name="year_end"),
    path("orders/", orders.orders, name="orders"),
    path("orders/send/", orders.send, name="send"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/check/", orders.check, name="check"),
    path("orders/<int:pk>/send-back/", orders.send_back, name="send_back"),
    path("orders/<int:pk>/correct/", orders.correct, name="correct"),
    path("orders/<int:pk>/withdraw/", orders.withdraw, name="withdraw"),
    path("payables/<int:pk>/order/", orders.make, name="make_order"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/file.<str:ending>", batches.batch_file, name="batch_file"),
    path("batches/<int:pk>/sample-return.csv", batches.sample_return, name="sample_return"),
    path("departments/<int:pk>/", debts.department, name="department"),
    path("receivables/", debts.receivables, name="receivables"),
]
