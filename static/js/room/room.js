// The live room: brings the picture (state.js), the connection (socket.js) and the parts of the page together.
// Everything here also exists on the page the server rendered; this makes it move.

import { BidPanel } from "./bid.js";
import { Chart, fillTable } from "./chart.js";
import { ServerClock } from "./clock.js";
import { Connection } from "./connection.js";
import { finder, make, say, show as reveal, speaker } from "./dom.js";
import { Feed, Receipts } from "./feed.js";
import { FloorPanel, asked } from "./floor.js";
import { fenOf, wire } from "./money.js";
import { Outbox } from "./outbox.js";
import { Replay } from "./replay.js";
import { RoomSocket } from "./socket.js";
import { Stage, summary } from "./stage.js";
import * as picture from "./state.js";

const PROTOCOL = 1;
const ANNOUNCE_EVERY = 6_000;
const POST_AFTER = 3_000;
const SILENT_ANSWER = 3_000;
const POLL_AFTER = 8_000;
const SIGNED_OUT = 4401;
const HISTORY_LIMIT = 4_900;
const RETRY = { "bid.busy": 400, "frame.too_fast": 1_200, "floor.unreadable": 3_000 };

class Room {
  constructor(root, config) {
    Object.assign(this, { root, config, find: finder(root), t: speaker(config.texts), mine: config.you?.pseudonym ?? null });
    this.clock = new ServerClock(config.server_time);
    this.state = picture.fromSnapshot(config.snapshot, config.watchers ?? 0);
    this.context = { t: this.t, mine: this.mine, nameOf: (who) => picture.nameOf(this.shown ?? this.state, who) };
    reveal(this.find("table"), false);
    this.root.toggleAttribute("data-ready", true);
    this.#parts();
    this.#bidding();
    this.#sealing();
    this.#replay();
    this.render();
    this.#connect();
    setInterval(() => this.tick(), 100);
    setInterval(() => this.#everySecond(), 1_000);
  }

  get phase() {
    return picture.phase(this.state, this.clock.now());
  }

  // Drawing ----------------------------------------------------------------------------------------------------

  #parts() {
    const { find, context, config } = this;
    this.stage = new Stage(this.root, find, context);
    this.connection = new Connection(find, { t: this.t, lang: config.lang, urls: config.urls });
    this.chart = find("ladder") && new Chart(find("ladder"), { ...context, readout: find("readout") });
    this.feed = new Feed(find("feed"), context);
    this.receipts = find("receipts") && new Receipts(find("receipts"), {
      t: this.t, hashes: config.hashes, address: (seq) => config.urls.receipt.replace("/0/", `/${seq}/`), announce: (text) => this.announce(text),
    });
    find("table-toggle")?.addEventListener("click", () => this.#toggleTable());
  }

  render() {
    if (this.shown) return;
    const phase = (this.drawnPhase = this.phase);
    this.#draw(this.state, phase, this.clock.now());
    this.panel?.render(this.state, phase);
    this.floor?.render(this.state, phase);
    if (this.receipts) {
      this.receipts.render(this.state, this.mine);
      reveal(this.find("receipts-empty"), !this.find("receipts").childElementCount);
    }
    say(this.find("watchers"), this.t("room.watchers", { n: this.state.watchers }));
  }

  #draw(state, phase, now) {
    this.stage.render(state, phase);
    this.stage.tick(state, phase, now);
    this.feed.render(state);
    this.#entrants(state);
    this.chart?.render(state, now);
    this.find("ladder")?.setAttribute("aria-label", summary(state, phase, now, this.context));
    if (this.find("table")?.hidden === false) this.#table(state);
  }

  /** The draw's entrants; only once the history is whole, the server's list stands until then. */
  #entrants(state) {
    const list = this.find("entrants");
    if (!list || picture.lacksHistory(state)) return;
    const names = picture.entrants(state).map((by) => make("li", { class: by === this.mine ? "room-mine" : null }, by));
    list.replaceChildren(...names);
  }

  tick() {
    if (this.shown) return;
    const phase = this.phase;
    this.stage.tick(this.state, phase, this.clock.now());
    if (phase !== this.drawnPhase) this.render();
  }

  #everySecond() {
    this.connection.render(this.socket, this.clock.error);
    this.#nurse();
    if (!this.shown && this.phase === "open") this.chart?.tick(this.clock.now());
    this.#milestones();
  }

  #toggleTable() {
    const table = this.find("table");
    reveal(table, table.hidden);
    this.find("table-toggle").setAttribute("aria-expanded", String(!table.hidden));
    this.#table(this.shown ?? this.state);
  }

  #table(state) {
    fillTable(this.find("table-body"), state, this.context);
  }

  // Words for those who listen --------------------------------------------------------------------------------

  announce(text) {
    say(this.find("live"), text);
  }

  #summarise() {
    const wait = ANNOUNCE_EVERY - (performance.now() - (this.announcedAt ?? -Infinity));
    clearTimeout(this.summaryTimer);
    this.summaryTimer = setTimeout(() => {
      this.announcedAt = performance.now();
      this.announce(summary(this.state, this.phase, this.clock.now(), this.context));
    }, Math.max(0, wait));
  }

  #milestones() {
    const left = this.state.endsAt - this.clock.now();
    const crossed = [60_000, 10_000].find((mark) => left <= mark && (this.left ?? left) > mark);
    this.left = left;
    if (crossed && this.phase === "open") this.announce(this.t("say.remaining", { n: crossed / 1000 }));
  }

  // The connection --------------------------------------------------------------------------------------------

  #connect() {
    this.socket = new RoomSocket({
      url: () => this.#address(),
      frame: (frame) => this.#take(frame),
      status: (status, code) => this.#status(status, code),
    });
    this.socket.open();
    addEventListener("offline", () => this.socket.lost());
    addEventListener("online", () => this.socket.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.socket.wake());
    addEventListener("pageshow", (event) => event.persisted && this.socket.restart());
  }

  #address() {
    const origin = location.origin.replace(/^http/, "ws");
    return `${origin}${this.config.urls.socket}?protocol=${PROTOCOL}`;
  }

  #status(status, code) {
    if (!this.socket) return;
    if (status === "connected") this.connection.healed();
    if (status === "ended") this.connection.ended(code);
    this.connection.slow(code);
    this.connection.render(this.socket, this.clock.error);
    this.#pending();
  }

  #take(frame) {
    const handlers = {
      hello: () => this.#hello(frame),
      events: () => this.#events(frame),
      receipt: () => this.#receipt(frame),
      refused: () => this.#refused(frame),
      my_floor: () => this.floor?.set(frame.floor),
      pong: () => this.clock.sample(frame.t, frame.server_time),
      watchers: () => this.#watchers(frame.count),
      bye: () => this.connection.warn(frame.texts),
    };
    handlers[frame.type]?.();
  }

  #hello(frame) {
    this.clock.stamp(frame.server_time);
    this.historyAsked = false;
    this.#adopt(frame.snapshot, frame.watchers ?? frame.snapshot.watchers);
    if (this.mine && frame.you?.pseudonym !== this.mine) return this.socket.end(SIGNED_OUT);
    for (const bid of this.outbox?.waiting ?? []) this.#sendBid(bid);
    for (const floor of this.floors?.waiting ?? []) this.#sendFloor(floor);
    this.#askFloor();
    this.#completeHistory();
  }

  #adopt(snapshot, watchers) {
    const before = this.state;
    const after = picture.fromSnapshot(snapshot, watchers ?? before.watchers);
    this.state = picture.mergeHistory(after, before.history.filter((event) => event.seq <= after.seq));
    this.#moved(before);
  }

  /** A snapshot carries bids only; the feed and the chart's marks want the other events too. */
  #completeHistory() {
    if (this.historyAsked || !picture.lacksHistory(this.state) || this.state.seq > HISTORY_LIMIT) return;
    this.historyAsked = this.socket.send({ type: "replay", from: 1 });
  }

  #events(frame) {
    const before = this.state;
    const { state, replayFrom, diverged } = picture.receive(before, frame);
    if (diverged) return this.#restart();
    if (replayFrom !== null) return this.socket.send({ type: "replay", from: replayFrom });
    this.state = state;
    this.#moved(before);
    if (frame.events.some((event) => event.kind === "floor_sealed" && event.seq > before.seq)) this.#askFloor();
  }

  #restart() {
    this.state = { ...this.state, history: [] };
    this.socket.restart();
  }

  #moved(before) {
    this.render();
    if (this.state.seq !== before.seq) this.#summarise();
    const over = this.state.state === "closed" || this.state.state === "failed";
    if (over && this.state.seq !== this.resultSeq) this.#fetchResult();
  }

  #watchers(count) {
    this.state = { ...this.state, watchers: count };
    say(this.find("watchers"), this.t("room.watchers", { n: count }));
  }

  // Bidding ---------------------------------------------------------------------------------------------------

  #bidding() {
    const form = this.find("bid-form");
    if (!form) return;
    this.outbox = new Outbox(`bids:${this.state.competition}:${this.mine}`, sessionStorage);
    const names = { form: "bid-form", field: "bid-field", button: "bid-button", steps: "bid-steps", note: "bid-note",
      confirm: "bid-confirm", confirmText: "bid-confirm-text", pendingNote: "bid-pending" };
    const parts = Object.fromEntries(Object.entries(names).map(([part, name]) => [part, this.find(name)]));
    this.panel = new BidPanel(parts, { t: this.t, hooks: { submit: (fen) => this.#submit(fen) }, guardPercent: this.config.guard_percent });
  }

  #submit(fen) {
    this.#sendBid(this.outbox.add(newRef(), wire(fen)));
    this.#pending();
  }

  #sendBid(bid) {
    bid.sentAt = performance.now();
    this.socket.send({ type: "bid", ref: bid.ref, amount: bid.amount });
  }

  #pending() {
    this.panel?.setPending(this.outbox.waiting, this.socket.status);
    this.floor?.setPending(this.floors.waiting, this.socket.status);
  }

  // A sealed floor is a secret of this bidder: asked for here, never part of what everybody is shown.

  #sealing() {
    const box = this.find("floor");
    if (!box) return;
    this.floors = new Outbox(`floors:${this.state.competition}:${this.mine}`, sessionStorage);
    const names = ["form", "field", "button", "state", "note", "own", "receipt", "back"];
    const parts = Object.fromEntries(names.map((name) => [name, this.find(`floor-${name}`)]));
    const hooks = { submit: (fen) => this.#submitFloor(fen), address: (seq) => this.config.urls.receipt.replace("/0/", `/${seq}/`) };
    this.floor = new FloorPanel({ box, ...parts }, { t: this.t, mine: this.mine, hooks });
    this.floor.set(this.config.floor);
  }

  #askFloor() {
    if (this.floor) this.socket.send({ type: "my_floor" });
  }

  #submitFloor(fen) {
    this.#sendFloor(this.floors.add(newRef(), asked(fen)));
    this.#pending();
  }

  #sendFloor(floor) {
    floor.sentAt = performance.now();
    this.socket.send({ type: "floor", ref: floor.ref, amount: floor.amount });
  }

  #sealed(frame) {
    this.floors?.settle(frame.ref);
    this.#pending();
    this.floor?.accepted(frame);
  }

  #receipt(frame) {
    if (frame.opening) return this.#sealed(frame);
    this.receipts?.take(frame);
    const bid = this.outbox?.settle(frame.ref);
    this.#pending();
    if (bid) {
      this.panel.accepted(fenOf(frame.amount));
      this.announce(this.t("bid.accepted", { amount: frame.amount }));
    }
    this.render();
  }

  #refused(frame) {
    const waits = (outbox) => outbox?.waiting.find((waiting) => waiting.ref === frame.ref);
    const [bid, floor] = [waits(this.outbox), waits(this.floors)];
    if (!bid && !floor) return this.connection.warn(frame.texts);
    if (frame.code in RETRY) {
      if (frame.code === "floor.unreadable") this.connection.warn(frame.texts); // until somebody brings the key
      if (bid) return this.outbox.again(bid, RETRY[frame.code], () => this.#sendBid(bid));
      return this.floors.again(floor, RETRY[frame.code], () => this.#sendFloor(floor));
    }
    (bid ? this.outbox : this.floors).settle(frame.ref);
    this.#pending();
    (bid ? this.panel : this.floor).refused(frame.texts[this.config.lang] ?? frame.texts["zh-hans"]);
  }

  /** Once a second: what has no answer is sent again, by plain HTTP when the socket doesn't come back. */
  #nurse() {
    const down = this.socket.status === "connected" ? 0 : performance.now() - this.socket.since;
    for (const bid of this.outbox?.waiting ?? []) this.#tend(bid, down, () => this.#sendBid(bid), this.config.urls.bid);
    for (const floor of this.floors?.waiting ?? []) this.#tend(floor, down, () => this.#sendFloor(floor), this.config.urls.floor);
    if (down > POLL_AFTER && this.socket.status !== "ended") this.#poll();
  }

  #tend(asked, down, send, address) {
    const age = performance.now() - (asked.sentAt ?? -Infinity);
    if (!down && age > SILENT_ANSWER && this.socket.age > SILENT_ANSWER) this.socket.lost();
    else if (!down && age > 5_000) send();
    if (down > POST_AFTER && age > POST_AFTER && this.socket.status !== "ended") this.#post(asked, address);
  }

  async #post(asked, address) {
    asked.sentAt = performance.now();
    const what = asked.amount === null ? { take_back: "1" } : { amount: asked.amount };
    const body = new URLSearchParams({ ...what, ref: asked.ref, by: this.mine });
    const token = this.find("bid-form").querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetchJson(address, { method: "POST", body, headers });
    if (answer?.code === "session.ended") return this.socket.end(SIGNED_OUT); // whether an earlier copy counts, nobody can say
    if (answer?.seq) this.#receipt({ ...answer, ref: asked.ref });
    else if (answer?.code) this.#refused({ ...answer, ref: asked.ref });
  }

  async #poll() {
    if (performance.now() - (this.polledAt ?? -Infinity) < 5_000) return;
    this.polledAt = performance.now();
    const hello = await fetchJson(this.config.urls.snapshot, { headers: { Accept: "application/json" } });
    if (!hello || this.socket.status === "connected") return;
    this.clock.stamp(hello.server_time);
    this.#adopt(hello.snapshot, hello.watchers);
    if (hello.floor !== undefined) this.floor?.set(hello.floor);
  }

  // After the close -------------------------------------------------------------------------------------------

  /** The outcome is the server's to tell: the same part of the page it renders for everybody. */
  async #fetchResult() {
    this.resultSeq = this.state.seq;
    const answer = await fetch(this.config.urls.result, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    this.replay?.pause();
    this.find("result").replaceChildren(template.content);
    this.#replay();
  }

  /** Where bids were made, or lots were drawn, there is something to play again. */
  #replay() {
    const box = this.find("replay");
    const over = this.state.state === "closed" || this.state.state === "failed";
    const played = picture.bidCount(this.state) || this.config.snapshot.method === "random_draw";
    if (!box || !over || !box.hidden || !played) return;
    reveal(box, true);
    const names = { play: "replay-play", scrub: "replay-scrub", time: "replay-time", speeds: "replay-speeds" };
    const parts = Object.fromEntries(Object.entries(names).map(([part, name]) => [part, this.find(name)]));
    this.replay = new Replay(parts, { t: this.t, load: () => this.#log(), show: (shown, at) => this.#show(shown, at) });
  }

  async #log() {
    const log = await fetchJson(this.config.urls.replay, { headers: { Accept: "application/json" } });
    return log && { state: this.state, events: log.events, endsAt: picture.moment(log.ends_at) };
  }

  /** One picture of the replay; null is its end, when the room shows the present again. */
  #show(state, at) {
    this.shown = state;
    this.root.toggleAttribute("data-replaying", Boolean(state));
    if (!state) return this.render();
    this.#draw(state, picture.phase(state, at), at);
  }
}

function newRef() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function fetchJson(url, options) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    return answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  } catch {
    return null;
  }
}

const root = document.querySelector("[data-room]");
if (root) new Room(root, JSON.parse(document.getElementById("room-config").textContent));
