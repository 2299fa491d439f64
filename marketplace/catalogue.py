"""The catalogue as shipped: 80 service items and the licences the law requires for some of them.

Reads data/service_items.csv and data/licence_kinds.csv. What the operator changed later is never touched.
"""

import csv
from datetime import datetime
from pathlib import Path

from core.workdays import LOCAL
from marketplace.models import ServiceItem

DATA = Path(__file__).parent / "data"
EFFECTIVE = datetime(2025, 1, 1, tzinfo=LOCAL)
Row = dict[str, str]


def ship() -> int:
    """Add the items the database does not know yet, as version 1; returns how many were added."""
    known = set(ServiceItem.objects.values_list("code", flat=True))
    licences = {row["item_code"]: row for row in _rows("licence_kinds.csv")}
    items = [_item(row, licences.get(row["code"])) for row in _rows("service_items.csv") if row["code"] not in known]
    return len(ServiceItem.objects.bulk_create(items))


def _rows(name: str) -> list[Row]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _item(row: Row, licence: Row | None) -> ServiceItem:
    return ServiceItem(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        category_code=row["category_code"],
        category_zh=row["category_zh"],
        category_en=row["category_en"],
        approval_zh=row["approval_item_zh"],
        payer=row["payer"],
        self_service_allowed=row["self_service_allowed"] == "yes",
        legal_basis_zh=row["legal_basis_zh"],
        legal_basis_confirmed=row["legal_basis_status"] == "confirmed",
        effective_from=EFFECTIVE,
        **(_licence(licence) if licence else {}),
    )


def _licence(row: Row) -> dict[str, str | bool]:
    return {
        "licence_kind": row["licence_kind"],
        "licence_en": row["name_en"],
        "licence_basis_zh": row["legal_basis_zh"],
        "licence_confirmed": row["status"] == "confirmed",
    }
