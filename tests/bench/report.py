"""How a benchmark tells its figures."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "var" / "bench"


def publish(name: str, figures: dict[str, float], rows: Sequence[tuple[str, str]]) -> None:
    """Print the table and write the flat object of named figures."""
    width = max(len(label) for label, _ in rows)
    print(f"\n{name}")
    for label, value in rows:
        print(f"  {label:<{width}}  {value:>14}")
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps({key: round(value, 3) for key, value in figures.items()}, indent=2) + "\n")
    print(f"  -> {path.relative_to(OUT.parents[1])}")


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
