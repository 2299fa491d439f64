import assert from "node:assert/strict";
import { test } from "node:test";

import { LADDER, bidCount, fold, fromSnapshot, lacksHistory, mergeHistory, nameOf, phase, place, quickSteps, ranking, receive } from "../../static/js/room/state.js";

const T0 = Date.parse("2026-11-22T10:00:00Z");
const at = (seconds) => new Date(T0 + seconds * 1000).toISOString();

/** A tiny engine: the log so far, and the snapshot and frames a server would make of it. */
function scripted(count, random) {
  const log = [{ seq: 1, at: at(-60), kind: "opened" }];
  const add = (event) => log.push({ seq: log.length + 1, ...event });
  for (const by of ["K7", "M2", "P4"]) add({ at: at(-30), kind: "entered", by });
  let [best, ends] = [5_000_000, 600];
  for (let i = 0; i < count && best > 30_000; i++) {
    best -= 25_000 + Math.floor(random() * 4) * 2_500;
    add({ at: at(10 + i * 5), kind: "bid", by: ["K7", "M2", "P4"][Math.floor(random() * 3)], amount: (best / 100).toFixed(2) });
    if (random() < 0.1) add({ at: at(10 + i * 5), kind: "extended", ends_at: at((ends += 30)) });
  }
  return log;
}

function snapshotOf(log) {
  const bids = log.filter((event) => event.kind === "bid");
  const last = bids.at(-1);
  const best = last ? { amount: last.amount, by: last.by, seq: last.seq } : null;
  return {
    competition: 12, title: "环评", method: "live_auction", ceiling: "50000.00", step: "250.00",
    starts_at: at(0), hard_ends_at: at(4200), soft_close_seconds: 180, ...standing(log, best),
    seq: log.length, ladder_from: Math.max(0, bids.length - LADDER), ladder: bids.slice(-LADDER).map(rung),
    lowest: [...new Map(bids.map((bid) => [bid.by, rung(bid)])).values()].sort((a, b) => a.amount - b.amount),
  };
}

function rung({ seq, at, by, amount }) {
  return { seq, at, by, amount };
}

function standing(log, best) {
  const ends = log.filter((event) => event.kind === "extended").at(-1)?.ends_at ?? at(600);
  const next = best ? (Number(best.amount) - 250).toFixed(2) : "50000.00";
  const bidders = log.filter((event) => event.kind === "entered").length;
  return { best, ends_at: ends, next_max: next, bidders, state: "open", head: `head${log.length}` };
}

function frameOf(log, from, to) {
  const { best, ends_at, next_max, bidders, state, head } = snapshotOf(log.slice(0, to));
  return { type: "events", from, to, events: log.slice(from - 1, to), best, ends_at, next_max, bidders, state, head };
}

function seeded(seed) {
  return () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
}

const comparable = ({ history, ...rest }) => rest;

test("a snapshot plus the events after it is the same picture as a fresh snapshot", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const log = scripted(Math.floor(random() * 60), random);
    let position = 1 + Math.floor(random() * log.length);
    let state = fromSnapshot(snapshotOf(log.slice(0, position)));
    while (position < log.length) {
      const to = Math.min(log.length, position + 1 + Math.floor(random() * 5));
      const from = Math.max(1, position + 1 - Math.floor(random() * 3));
      state = receive(state, frameOf(log, from, to)).state;
      position = to;
    }
    assert.deepEqual(comparable(state), comparable(fromSnapshot(snapshotOf(log))), `seed ${seed}`);
  }
});

test("a ladder longer than a snapshot holds is cut the same way, and counts and ranks stay whole", () => {
  const log = scripted(0, seeded(1));
  const bid = (n, by) => log.push({ seq: log.length + 1, at: at(n), kind: "bid", by, amount: (50_000 - n * 10).toFixed(2) });
  bid(0, "P4");
  for (let n = 1; n < LADDER + 200; n++) bid(n, n % 2 ? "K7" : "M2");
  let state = fromSnapshot(snapshotOf(log.slice(0, LADDER - 50)));
  for (let from = LADDER - 49; from <= log.length; from += 7) state = receive(state, frameOf(log, from, Math.min(from + 6, log.length))).state;
  assert.deepEqual(comparable(state), comparable(fromSnapshot(snapshotOf(log))));
  assert.deepEqual([state.ladder.length, state.ladderFrom, bidCount(state)], [LADDER, 200, LADDER + 200]);
  assert.equal(place(state, "P4").rank, 3);
});

test("folding alone, as the replay does, reaches the same ladder and end", () => {
  const log = scripted(40, seeded(7));
  const start = { ...fromSnapshot(snapshotOf(log.slice(0, 1))), bidders: 0 };
  const folded = log.slice(1).reduce(fold, start);
  const fresh = fromSnapshot(snapshotOf(log));
  assert.deepEqual(folded.ladder, fresh.ladder);
  assert.deepEqual([folded.endsAt, folded.nextMax, folded.bidders], [fresh.endsAt, fresh.nextMax, fresh.bidders]);
});

test("a gap is noticed, nothing is applied, and the missing seq is named", () => {
  const log = scripted(20, seeded(3));
  const state = fromSnapshot(snapshotOf(log.slice(0, 8)));
  const answer = receive(state, frameOf(log, 11, 12));
  assert.equal(answer.state, state);
  assert.equal(answer.replayFrom, 9);
});

test("a frame seen before changes nothing; one with another head at the same seq is a divergence", () => {
  const log = scripted(20, seeded(3));
  const state = fromSnapshot(snapshotOf(log.slice(0, 10)));
  const again = receive(state, frameOf(log, 9, 10));
  assert.deepEqual(comparable(again.state), comparable(state));
  assert.equal(again.diverged, false);
  assert.equal(receive(state, { ...frameOf(log, 9, 10), head: "another" }).diverged, true);
});

test("replayed events complete the history without moving the picture", () => {
  const log = scripted(20, seeded(5));
  const state = fromSnapshot(snapshotOf(log));
  assert.equal(lacksHistory(state), true);
  const whole = receive(state, { ...frameOf(log, 1, log.length - 1), head: "" }).state;
  const complete = mergeHistory(whole, log);
  assert.equal(lacksHistory(complete), false);
  assert.deepEqual(complete.history.map((event) => event.seq), log.map((event) => event.seq));
  assert.deepEqual(comparable(complete), comparable(state));
});

test("rank counts each bidder once by their lowest bid", () => {
  const ladder = [["A", 900], ["B", 800], ["A", 700], ["C", 600]].map(([by, fen], i) => ({ seq: i + 1, by, fen, at: i }));
  assert.deepEqual(ranking(ladder).map((bid) => bid.by), ["C", "A", "B"]);
  assert.deepEqual(place({ lowest: ranking(ladder) }, "A"), { rank: 2, of: 3, fen: 700, gap: 100 });
  assert.equal(place({ lowest: ranking(ladder) }, "Z"), null);
});

test("quick steps never offer what would be refused, nor zero", () => {
  assert.deepEqual(quickSteps({ nextMax: 100_000, step: 25_000 }), [100_000, 75_000]);
  assert.deepEqual(quickSteps({ nextMax: 4_800_000, step: 25_000 }), [4_800_000, 4_775_000, 4_700_000]);
  assert.deepEqual(quickSteps({ nextMax: null, step: 25_000 }), []);
});

test("the phase follows the server's clock until the log says it is over", () => {
  const state = { state: "open", startsAt: 100, endsAt: 200 };
  assert.deepEqual([99, 100, 199, 200].map((now) => phase(state, now)), ["scheduled", "open", "open", "closing"]);
  assert.equal(phase({ ...state, state: "closed" }, 150), "closed");
});

test("names appear only once the log has revealed them", () => {
  assert.equal(nameOf({ names: {} }, "K7"), "K7");
  assert.equal(nameOf({ names: { K7: { name: "清源环境" } } }, "K7"), "K7 清源环境");
});

test("a room where the price can't fall further says so", () => {
  const snapshot = { ...snapshotOf(scripted(1, seeded(1))), next_max: null };
  assert.equal(fromSnapshot(snapshot).nextMax, null);
});
