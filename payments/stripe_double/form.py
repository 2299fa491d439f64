"""Reading what the SDK sends: `a[b][0]=c` as nested dictionaries and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PARTS = re.compile(r"\[([^\]]*)\]")
Params = dict[str, Any]


def decoded(body: str) -> Params:
    """A form body or query string, nested."""
    tree: Params = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        head, rest = name.split("[", 1) if "[" in name else (name, "")
        path = [head, *_PARTS.findall(f"[{rest}")] if rest else [head]
        node = tree
        for part in path[:-1]:
            node = node.setdefault(part, {})
        node[path[-1]] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(node: Any) -> Any:
    """Dictionaries whose keys count from 0 are lists."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_listed(node[key]) for key in sorted(node, key=int)]
    return {key: _listed(value) for key, value in node.items()}
