"""A client's picture of a room, kept as docs/realtime.md says. Written from that text alone, so that it checks it."""

LADDER = 1000
STATE = ("state", "best", "next_max", "ends_at", "bidders", "head")


class Picture:
    """`seq` and everything a snapshot shows, moved on by events frames."""

    def __init__(self, snapshot):
        self.shown = {**snapshot, "ladder": list(snapshot["ladder"]), "lowest": list(snapshot["lowest"])}

    @property
    def seq(self):
        return self.shown["seq"]

    @property
    def over(self):
        return bool(self.shown["awards"] or self.shown["failed"])

    def receive(self, frame):
        """Take in an events frame. Returns (number to ask a replay from or None, whether the pictures differ)."""
        if frame["from"] > self.seq + 1:
            return self.seq + 1, False
        if frame["to"] <= self.seq:
            return None, frame["to"] == self.seq and frame["head"] != self.shown["head"]
        for event in frame["events"]:
            if event["seq"] > self.seq:
                self._fold(event)
        self.shown |= {key: frame[key] for key in STATE}
        self.shown["seq"] = frame["to"]
        return None, False

    def _fold(self, event):
        kind, shown = event["kind"], self.shown
        if kind == "bid":
            rung = {key: value for key, value in event.items() if key != "kind"}
            shown["ladder"].append(rung)
            if len(shown["ladder"]) > LADDER:
                del shown["ladder"][0]
                shown["ladder_from"] += 1
            shown["lowest"] = [rung, *(other for other in shown["lowest"] if other["by"] != event["by"])]
        elif kind == "revealed":
            shown["names"] = event["names"]
        elif kind == "awarded":
            shown["awards"] = [*shown["awards"], {key: event[key] for key in ("by", "amount", "seq")}]
            shown["failed"] = ""
        elif kind == "failed":
            shown["failed"] = event["reason"]


def differences(picture, snapshot):
    """The fields in which a picture is not the snapshot."""
    return sorted(key for key in snapshot if picture.shown.get(key) != snapshot[key])
