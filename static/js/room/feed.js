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
  return t(`feed.${event.kind}`, { by, amount, ends, reason: event.reason ? t(`failed.${event.reason}`) : "" });
}

export class Feed {
  constructor(list, context) {
    Object.assign(this, { list, context });
    this.top = 0;
  }

  /** Show the last events; only new ones are added on top, so that the rest stays where it is. */
  render(state) {
    const events = state.history.slice(-SHOWN).filter((event) => event.kind in KINDS);
    const known = this.list.childElementCount && events.length && this.first === events[0].seq - this.#removed(events);
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

const KINDS = { opened: 1, entered: 1, withdrawn: 1, bid: 1, extended: 1, closed: 1, failed: 1, draw: 1, revealed: 1, awarded: 1 };

export class Receipts {
  /** @param urls {receipt(seq) -> address of the downloadable receipt} */
  constructor(list, { t, urls, announce }) {
    Object.assign(this, { list, t, urls, announce });
    this.bySeq = new Map();
  }

  take(receipt) {
    this.bySeq.set(receipt.seq, receipt);
  }

  /** My bids in the log, newest first; the hash shows for those whose receipt is at hand. */
  render(state, mine) {
    const bids = state.ladder.filter((bid) => bid.by === mine);
    if (bids.length === this.list.childElementCount && !this.#changed()) return;
    this.held = this.bySeq.size;
    this.list.replaceChildren(...bids.map((bid) => this.#row(bid)).reverse());
  }

  #changed() {
    return this.held !== this.bySeq.size;
  }

  #row(bid) {
    const receipt = this.bySeq.get(bid.seq);
    return make("li", { class: "room-receipt" },
      make("span", { class: "room-receipt-seq" }, `#${bid.seq}`),
      make("span", { class: "room-receipt-amount" }, show(bid.fen)),
      make("time", { class: "room-receipt-time", datetime: new Date(bid.at).toISOString() }, clockTime(bid.at)),
      receipt ? make("code", { class: "room-receipt-hash", title: receipt.hash }, receipt.hash.slice(0, 10)) : make("span", { class: "room-receipt-hash" }),
      make("span", { class: "room-receipt-tools" }, this.#copy(receipt), this.#download(bid.seq)));
  }

  #copy(receipt) {
    if (!receipt || !navigator.clipboard) return null;
    const button = make("button", { type: "button", class: "btn btn-link btn-sm p-0" }, this.t("receipt.copy"));
    button.setAttribute("aria-label", this.t("receipt.copy_label", { seq: receipt.seq }));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(JSON.stringify(receipt, null, 2));
      this.announce(this.t("receipt.copied", { seq: receipt.seq }));
      button.textContent = this.t("receipt.copied_short");
    });
    return button;
  }

  #download(seq) {
    const link = make("a", { href: this.urls.receipt(seq), class: "btn btn-link btn-sm p-0", download: true }, this.t("receipt.download"));
    link.setAttribute("aria-label", this.t("receipt.download_label", { seq }));
    return link;
  }
}
