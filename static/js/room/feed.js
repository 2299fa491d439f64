// What happened, newest first, and the receipts of my bids.

import { clockTime } from "./clock.js";
import { make } from "./dom.js";
import { fenOf, show } from "./money.js";
import { moment } from "./state.js";

const SHOWN = 60;

/** One event as a sentence. */
export function sentence(event, { t, mine, nameOf }) {
  const by = event.by === mine && mine ? t("feed.me", { by: event.by }) : nameOf(event.by ?? event.winner ?? "");
  const amount = event.amount ? show(fenOf(event.amount)) : "";
  const ends = event.ends_at ? clockTime(moment(event.ends_at)) : "";
  const reason = event.reason ? t(`${event.kind === "excluded" ? "excluded" : "failed"}.${event.reason}`) : "";
  const floors = (event.floors ?? []).map((floor) => `${nameOf(floor.by)} ${show(fenOf(floor.amount))}`).join(t("say.join"));
  const kind = event.kind === "floors_opened" && !floors ? "floors_none" : event.auto ? "bid_auto" : event.kind;
  return t(`feed.${kind}`, { by, amount, ends, reason, floors });
}

export class Feed {
  constructor(list, context) {
    Object.assign(this, { list, context });
    this.top = 0;
  }

  /** Show the last events; only new ones are added on top, so that the rest stays where it is. */
  render(state) {
    const events = state.history.slice(-SHOWN).filter((event) => event.kind in KINDS);
    const forward = events.length && events.at(-1).seq >= this.top;
    const known = this.list.childElementCount && forward && this.first === events[0].seq - this.#removed(events);
    const fresh = known ? events.filter((event) => event.seq > this.top) : events;
    const rows = fresh.map((event) => this.#row(event)).reverse();
    if (known) this.list.prepend(...rows);
    else this.list.replaceChildren(...rows);
    while (this.list.childElementCount > SHOWN) this.list.lastElementChild.remove();
    this.first = events[0]?.seq;
    this.top = events.at(-1)?.seq ?? 0;
  }

  reset() {
    this.first = undefined;
    this.list.replaceChildren();
  }

  #removed(events) {
    return Math.max(0, events[0].seq - (this.first ?? events[0].seq));
  }

  #row(event) {
    const mine = this.context.mine && event.by === this.context.mine;
    return make("li", { class: `room-event${mine ? " room-mine" : ""}`, "data-kind": event.kind },
      make("time", { class: "room-event-time", datetime: new Date(event.at).toISOString() }, clockTime(event.at)),
      make("span", {}, sentence(event, this.context)));
  }
}

const KINDS = { opened: 1, entered: 1, withdrawn: 1, bid: 1, extended: 1, floor_sealed: 1, floors_opened: 1, closed: 1, failed: 1, draw: 1, revealed: 1, excluded: 1, awarded: 1 };

export class Receipts {
  /** @param hashes {seq: hash} of my earlier bids; @param address(seq) of the whole receipt */
  constructor(list, { t, hashes, address, announce }) {
    Object.assign(this, { list, t, address, announce });
    this.hashes = new Map(Object.entries(hashes ?? {}).map(([seq, hash]) => [Number(seq), hash]));
  }

  take(receipt) {
    this.hashes.set(receipt.seq, receipt.hash);
  }

  /** My bids in the log, newest first, each with the beginning of its hash. */
  render(state, mine) {
    const bids = state.ladder.filter((bid) => bid.by === mine);
    const key = bids.map((bid) => this.hashes.get(bid.seq) ?? bid.seq).join();
    if (key === this.key) return;
    this.key = key;
    this.list.replaceChildren(...bids.map((bid) => this.#row(bid)).reverse());
  }

  #row(bid) {
    const hash = this.hashes.get(bid.seq) ?? "";
    return make("li", { class: "room-receipt" },
      make("span", { class: "room-receipt-seq" }, `#${bid.seq}`),
      make("span", { class: "room-receipt-amount" }, show(bid.fen)),
      make("time", { class: "room-receipt-time", datetime: new Date(bid.at).toISOString() }, clockTime(bid.at)),
      hash ? make("code", { class: "room-receipt-hash", title: hash }, hash.slice(0, 12)) : null,
      make("span", { class: "room-receipt-tools" }, this.#copy(bid.seq), this.#download(bid.seq)));
  }

  #copy(seq) {
    if (!navigator.clipboard) return null;
    const button = make("button", { type: "button", class: "btn btn-link btn-sm p-0", "aria-label": this.t("receipt.copy_label", { seq }) }, this.t("receipt.copy"));
    button.addEventListener("click", () => this.#copied(button, seq));
    return button;
  }

  async #copied(button, seq) {
    const answer = await fetch(this.address(seq)).catch(() => null);
    if (!answer?.ok) return;
    await navigator.clipboard.writeText(await answer.text());
    button.textContent = this.t("receipt.copied_short");
    this.announce(this.t("receipt.copied", { seq }));
  }

  #download(seq) {
    const link = make("a", { href: this.address(seq), class: "btn btn-link btn-sm p-0", download: true, "aria-label": this.t("receipt.download_label", { seq }) }, this.t("receipt.download"));
    return link;
  }
}
