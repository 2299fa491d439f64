"""Pages that mix rooms: home, needs, desks, statistics, verification, the operator's tools."""

__version__ = "0.1.0"
