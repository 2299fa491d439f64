"""A client's picture of a room, folded from frames exactly as docs/realtime.md says under "Receiving"."""

STATE = ("state", "best", "next_max", "ends_at", "bidders", "head")
LADDER = 1000


class AstrayError(AssertionError):
    """Rule 2: at the same number another head. A client would connect again; a test has found a fault."""


class Picture:
    def __init__(self):
        self.shown = None

    @property
    def seq(self):
        return self.shown["seq"] if self.shown else 0

    def take(self, frame):
        """Apply a frame; returns the number to ask a replay from when something is missing."""
        if frame["type"] == "hello":
            self.shown = frame["snapshot"]
        if frame["type"] != "events":
            return None
        if frame["from"] > self.seq + 1:
            return self.seq + 1
        if frame["to"] == self.seq and frame["head"] != self.shown["head"]:
            raise AstrayError(frame["head"])
        if frame["to"] > self.seq:
            self._apply(frame)
        return None

    def _apply(self, frame):
        for event in frame["events"]:
            if event["seq"] > self.seq:
                _FOLDS.get(event["kind"], _nothing)(self.shown, event)
        self.shown |= {key: frame[key] for key in STATE} | {"seq": frame["to"]}

    def timeless(self):
        return timeless(self.shown)


def timeless(snapshot):
    """Without the state, which clients derive from the dates."""
    return {key: value for key, value in snapshot.items() if key != "state"}


def _nothing(_shown, _event):
    pass


def _bid(shown, event):
    rung = {key: value for key, value in event.items() if key != "kind"}
    shown["ladder"].append(rung)
    if len(shown["ladder"]) > LADDER:
        del shown["ladder"][0]
        shown["ladder_from"] += 1
    shown["lowest"] = [rung, *(bid for bid in shown["lowest"] if bid["by"] != event["by"])]


def _revealed(shown, event):
    shown["names"] = event["names"]


def _awarded(shown, event):
    shown["awards"].append({"by": event["by"], "amount": event["amount"], "seq": event["seq"]})
    shown["failed"] = ""


def _failed(shown, event):
    shown["failed"] = event["reason"]


_FOLDS = {"bid": _bid, "revealed": _revealed, "awarded": _awarded, "failed": _failed}
