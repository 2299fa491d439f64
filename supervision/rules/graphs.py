"""Who hangs together: groups tied by anything, and rings in which a way leads back to where it began."""

from collections.abc import Collection, Hashable, Iterable, Mapping

Arcs = Mapping[int, Collection[int]]


def tied(traces: Mapping[int, Collection[Hashable]]) -> dict[int, int]:
    """For each, the lowest number of all it is tied to, directly or through others, by a common trace."""
    head = {one: one for one in traces}
    first: dict[Hashable, int] = {}
    for one in sorted(traces):
        for trace in traces[one]:
            a, b = _top(head, first.setdefault(trace, one)), _top(head, one)
            head[max(a, b)] = min(a, b)
    return {one: _top(head, one) for one in traces}


def _top(head: dict[int, int], one: int) -> int:
    while head[one] != one:
        head[one] = head[head[one]]
        one = head[one]
    return one


def rings(arcs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """Groups of two or more in which everyone reaches everyone; each once, no order."""
    onward: dict[int, set[int]] = {}
    back: dict[int, set[int]] = {}
    for a, b in arcs:
        onward.setdefault(a, set()).add(b)
        onward.setdefault(b, set())
        back.setdefault(b, set()).add(a)
        back.setdefault(a, set())
    done: set[int] = set()
    left: list[int] = []
    for one in onward:
        left += _reached(one, onward, done)
    done = set()
    found = [frozenset(_reached(one, back, done)) for one in reversed(left)]
    return [ring for ring in found if len(ring) > 1]


def _reached(start: int, arcs: Arcs, done: set[int]) -> list[int]:
    """Everything reached from a start that is not done yet, in the order in which it was left; marks it done."""
    if start in done:
        return []
    done.add(start)
    left, path = [], [(start, iter(arcs[start]))]
    while path:
        _one, onward = path[-1]
        following = next((other for other in onward if other not in done), None)
        if following is None:
            left.append(path.pop()[0])
        else:
            done.add(following)
            path.append((following, iter(arcs[following])))
    return left
