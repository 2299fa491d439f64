"""Bea buys for an enterprise, Dong for a department, Ana and Tom offer services, Sol supervises, Nora is outside."""

from datetime import timedelta
from itertools import count

from django.test import Client

from accounts.actor import Actor, actor_for
from accounts.models import User
from core import clock
from core.money import Money
from marketplace import services
from marketplace.models import Need
from tests.accounts import people
from tests.payments import purse

_numbers = count(1)
SCOPE = "新建日处理 2 万吨污水处理厂二期，编制环境影响报告表，提交报批版纸质 4 份、电子版 1 份。"
ITEM = "02011"  # 环境影响报告表编制: enterprises pay
DEPARTMENT_ITEM = "02013"  # 环评文件技术评估: departments pay
EITHER_ITEM = "08048"  # 工程勘察
REGION = "131000"


def member(kind: str, name: str = "") -> Actor:
    """A person of a new organisation of that kind."""
    n = next(_numbers)
    user = people.user(f"{kind}{n}@example.com")
    if kind == "agency":
        people.agency(n, user, name=name or f"廊坊市清源环境咨询有限公司{n}")
    else:
        people.organisation(kind, n, user, name=name or f"廊坊远望实业有限公司{n}")
    return actor_for(User.objects.get(pk=user.pk))


def client_of(actor: Actor | None) -> Client:
    client = Client()
    if actor and actor.user:
        client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def complete(kind: str = "enterprise", **changes) -> dict[str, dict]:
    """Values that make a draft of that buyer ready, by step; `changes` by column."""
    steps = {
        "item": {"item": DEPARTMENT_ITEM if kind == "department" else ITEM},
        "scope": {"title": "城东污水处理厂二期环评", "scope": SCOPE, "region": REGION, "place": ""},
        "money": {"ceiling": Money.of(50000), "budget_line_id": None},
        "method": {"method": "live_auction"},
        "schedule": {"entry_closes_at": None, "urgent_reason": "", "auction_minutes": 30, "delivery_days": 20},
    }
    for values in steps.values():
        values.update({name: value for name, value in changes.items() if name in values})
    return steps


def draft(actor: Actor, **changes) -> Need:
    """A draft of that buyer, ready to publish unless `changes` say otherwise."""
    need = services.start_need(actor=actor)
    if actor.kind == "department" and actor.organisation:
        changes.setdefault("budget_line_id", purse.line_of(actor.organisation).pk)
    for step, values in complete(actor.kind, **changes).items():
        services.save_step(need_id=need.pk, step=step, values=values, by=actor.by)
    need.refresh_from_db()
    return need


def published(actor: Actor, **changes) -> Need:
    return services.publish(need_id=draft(actor, **changes).pk, by=actor.by)


def after_close(need: Need):
    """A block that lives just after entry closed."""
    return clock.at(need.entry_closes_at + timedelta(seconds=1))
