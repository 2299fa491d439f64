import assert from "node:assert/strict";
import { test } from "node:test";

import { doubt } from "../../static/js/room/bid.js";
import { ServerClock, clockTime, remaining } from "../../static/js/room/clock.js";
import { brief, parse, show, wire } from "../../static/js/room/money.js";
import { Outbox } from "../../static/js/room/outbox.js";
import { Film } from "../../static/js/room/replay.js";
import { bidAt, priceRange, priceTicks, staircase, timeTicks } from "../../static/js/room/scale.js";
import { RoomSocket, pause } from "../../static/js/room/socket.js";

test("amounts are read as strictly as by the server, with the same codes", () => {
  const good = { "48500": 4850000, "48,500.00": 4850000, " 0.01 ": 1, "48500.5": 4850050, "9,999,999,999.99": 999999999999 };
  for (const [text, fen] of Object.entries(good)) assert.deepEqual(parse(text), { fen }, text);
  const bad = {
    "amount.format": ["", "abc", "1e5", "NaN", "+5", "-5", "４８５００", "1,2", "48,50", ".5", "5.", "4 8", "0x10", "1,0000", "１", "\t5"],
    "amount.decimals": ["1.234", "48,500.001"],
    "amount.too_large": ["99999999999", "1".repeat(30)],
    "amount.zero": ["0", "0.00"],
  };
  for (const [code, texts] of Object.entries(bad)) for (const text of texts) assert.deepEqual(parse(text), { code }, JSON.stringify(text));
});

test("amounts are written without ever being a float", () => {
  assert.equal(wire(999999999999), "9999999999.99");
  assert.equal(show(999999999999), "9,999,999,999.99");
  assert.deepEqual([brief(4850000), brief(4850050), show(5)], ["48,500", "48,500.50", "0.05"]);
});

test("the clock trusts the measurement with the shortest round trip, not the computer's time", () => {
  let local = 1000;
  const clock = new ServerClock("2026-11-22T10:00:00Z", () => local);
  const server = Date.parse("2026-11-22T10:00:05Z");
  clock.sample(0, new Date(server + 900).toISOString(), 1000); // trip 1000
  clock.sample(980, new Date(server + 990).toISOString(), 1000); // trip 20, server + 990 at 990
  assert.equal(clock.now(), server + 1000);
  assert.equal(clock.error, 10);
  local += 500;
  assert.equal(clock.now(), server + 1500);
});

test("time left is never shown as more than there is in the last seconds", () => {
  assert.deepEqual([0, -5, 9_990, 10_000, 59_001, 61_000, 3_600_000].map((ms) => remaining(ms)), ["00:00", "00:00", "00:09.9", "00:10", "01:00", "01:01", "1:00:00"]);
  assert.equal(remaining(90_000_000, "{n} 天 {rest}"), "1 天 01:00:00");
  assert.equal(clockTime(Date.parse("2026-11-22T16:00:01Z")), "00:00:01");
});

test("a bid stays in the outbox over a reload until its ref is answered", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const open = (now = 0) => new Outbox("bids:1:K7", storage, () => now);
  open().add("r1", "100.00");
  assert.deepEqual(open(1000).waiting.map((bid) => bid.ref), ["r1"]);
  assert.equal(open(1000).settle("other"), null);
  assert.equal(open(1000).settle("r1").amount, "100.00");
  assert.deepEqual(open(1000).waiting, []);
  open().add("r2", "90.00");
  assert.deepEqual(open(200_000).waiting, [], "after two minutes nobody wants it sent unasked");
});

test("a bid is sent again once, however many copies of it were refused, and not when it was answered meanwhile", async () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const outbox = new Outbox("bids:1:K7", storage, () => 0);
  const sent = [];
  const bid = outbox.add("r1", "100.00");
  assert.equal(bid, outbox.waiting[0], "what is noted about it is noted where it waits");
  const answered = outbox.add("r2", "90.00");
  for (let copy = 0; copy < 3; copy++) for (const one of [bid, answered]) outbox.again(one, 5, ({ ref }) => sent.push(ref));
  outbox.settle("r2");
  await new Promise((done) => setTimeout(done, 40));
  assert.deepEqual(sent, ["r1"]);
  bid.sentAt = 3_600_000; // of this page's own clock
  outbox.add("r3", "80.00");
  assert.deepEqual(Object.keys(new Outbox("bids:1:K7", storage, () => 0).waiting[0]), ["ref", "amount", "at"]);
});

test("the outbox works when the browser keeps nothing", () => {
  const broken = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); } };
  const outbox = new Outbox("k", broken);
  outbox.add("r", "1.00");
  assert.equal(outbox.waiting.length, 1);
});

test("a bid far below the best, or on a figure that just changed, is asked about once", () => {
  const state = { best: { fen: 5_000_000 }, ceiling: 6_000_000 };
  const guard = { percent: 10, changedAgo: 5000 };
  assert.equal(doubt(state, 4_600_000, guard), null);
  assert.equal(doubt(state, 480_000, guard), "deep");
  assert.equal(doubt(state, 4_600_000, { ...guard, changedAgo: 100 }), "moved");
  assert.equal(doubt({ best: null, ceiling: 6_000_000 }, 3_000_000, guard), "deep");
});

test("axes carry round numbers, few of them, within their bounds", () => {
  assert.deepEqual(priceTicks(4_600_000, 5_050_000, 5), [4_600_000, 4_800_000, 5_000_000]);
  const from = Date.parse("2026-11-22T10:00:00Z");
  const ticks = timeTicks(from, from + 600_000, 6);
  assert.deepEqual(ticks.map((tick) => (tick - from) / 60_000), [0, 2, 4, 6, 8, 10]);
  for (const count of [0, 1, 5, 500]) {
    const ladder = Array.from({ length: count }, (_, i) => ({ fen: 5_000_000 - i * 5_000, at: i, by: "A", seq: i }));
    const { low, high } = priceRange(5_000_000, ladder, 25_000);
    assert.ok(low >= 0 && low < (ladder.at(-1)?.fen ?? 5_000_000) && high > 5_000_000);
  }
});

test("the staircase falls where bids are and runs on to now", () => {
  const same = (value) => value;
  assert.equal(staircase([{ at: 0, fen: 10 }, { at: 5, fen: 8 }], same, same, 9), "M0,10H5V8H9");
  const ladder = [{ at: 5, fen: 8 }, { at: 7, fen: 6 }];
  assert.deepEqual([4, 5, 6, 99].map((at) => bidAt(ladder, at)?.fen ?? null), [null, 8, 8, 6]);
});

const CLOSED = { ceiling: 1000, step: 10, startsAt: 0, endsAt: 130, ladder: [1], history: [1], bidders: 2, names: {} };
const LOG = [
  { seq: 1, at: -50, kind: "opened" }, { seq: 2, at: 50, kind: "bid", by: "K7", amount: "9.00" },
  { seq: 3, at: 49, kind: "bid", by: "M2", amount: "8.00" }, { seq: 4, at: 49, kind: "extended", ends_at: 130 },
  { seq: 5, at: 132, kind: "closed" }, { seq: 6, at: 132, kind: "awarded", by: "M2", amount: "8.00" },
  { seq: 7, at: 132 + 86_400_000, kind: "awarded", by: "K7", amount: "9.00" },
];

test("the replay's picture at a moment knows nothing later, not even the end", () => {
  const film = new Film(CLOSED, LOG, 100);
  const shown = film.at(49);
  assert.deepEqual([shown.seq, shown.best, shown.ladder.length, shown.history.length, shown.endsAt], [1, null, 0, 1, 100]);
  const after = film.at(50);
  assert.deepEqual([after.seq, after.best.by, after.ladder.map((bid) => bid.fen), after.endsAt], [4, "M2", [900, 800], 130]);
});

test("the replay follows the order of the log, where a bid may have arrived before the one committed before it", () => {
  const film = new Film(CLOSED, LOG, 100);
  assert.deepEqual(film.events.map((event) => event.shownAt).slice(0, 4), [-50, 50, 50, 50]);
});

test("the replay ends with the close, not with an award that came a day later", () => {
  const film = new Film(CLOSED, LOG, 100);
  assert.deepEqual([film.from, film.to], [0, 1000]);
  assert.equal(new Film(CLOSED, LOG.map((event) => ({ ...event, at: event.at * 100 })), 100).to, 13200);
});

test("the replay's pictures are the same whichever way one comes to them", () => {
  const events = [{ seq: 1, at: 0, kind: "opened" }];
  for (let i = 2; i < 500; i++) events.push({ seq: i, at: i * 10, kind: "bid", by: ["K7", "M2", "P4"][i % 3], amount: `${1000 - i}.00` });
  const once = (at) => new Film({ ...CLOSED, ceiling: 100_000, endsAt: 9000 }, events, 6000).at(at);
  const film = new Film({ ...CLOSED, ceiling: 100_000, endsAt: 9000 }, events, 6000);
  for (const at of [4990, 10, 2000, 2010, 1990, 0, 3333, 3334, 5000, -1, 640, 1280]) assert.deepEqual(film.at(at), once(at), String(at));
  assert.deepEqual([film.after(25), film.before(25), film.before(0)], [30, 20, null]);
});

test("pauses between attempts grow, stay under ten seconds, and differ between clients", () => {
  assert.deepEqual([0, 1, 2, 20].map((attempt) => pause(attempt, 1)), [400, 800, 1600, 10_000]);
  assert.equal(pause(0, 0), 200);
});

test("the connection heals itself and gives up only where trying again can't help", async () => {
  const made = [];
  const statuses = [];
  const socket = new RoomSocket({ url: () => "ws://x/", frame() {}, status: (name, code) => statuses.push([name, code]) },
    (url) => (made.push({ url, readyState: 1, send() {}, close() {} }), made.at(-1)));
  socket.open();
  made[0].onmessage({ data: '{"type":"hello"}' });
  assert.equal(socket.send({ type: "ping" }), true);
  made[0].onclose({ code: 1006 });
  assert.equal(socket.send({ type: "ping" }), false);
  await new Promise((done) => setTimeout(done, 450));
  assert.equal(made.length, 2);
  made[0].onclose({ code: 1006 }); // an old socket's late word counts for nothing
  made[1].onclose({ code: 4401 });
  assert.deepEqual(statuses.map(([name]) => name), ["connecting", "connected", "reconnecting", "reconnecting", "ended"]);
});
