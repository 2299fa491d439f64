// The room's picture as plain data. Pure: no page, no clock, no network.
// The law of this module: a snapshot plus the events after it is the same picture as a fresh snapshot.

import { fenOf } from "./money.js";

/** Bids a picture keeps, as many as a snapshot holds; `ladderFrom` counts those before them. */
export const LADDER = 1000;

/** The picture a snapshot describes. Amounts become fen, moments become milliseconds since 1970. */
export function fromSnapshot(snapshot, watchers = 0) {
  const ladder = (snapshot.ladder ?? []).map(rung);
  return {
    competition: snapshot.competition,
    title: snapshot.title,
    method: snapshot.method,
    ceiling: fenOf(snapshot.ceiling),
    step: fenOf(snapshot.step),
    startsAt: moment(snapshot.starts_at),
    softCloseSeconds: snapshot.soft_close_seconds,
    hardEndsAt: moment(snapshot.hard_ends_at),
    ladder,
    ladderFrom: snapshot.ladder_from ?? 0,
    lowest: snapshot.lowest ? snapshot.lowest.map(rung) : ranking(ladder),
    history: (snapshot.events ?? ladder).map((event) => ({ kind: "bid", ...event, at: moment(event.at) })),
    names: snapshot.names ?? {},
    result: outcome(snapshot),
    draw: snapshot.draw ?? null,
    watchers,
    ...standing(snapshot),
  };
}

function outcome(snapshot) {
  const award = snapshot.awards?.at(-1);
  if (award) return { winner: award.by, amount: award.amount };
  return snapshot.failed ? { reason: snapshot.failed } : null;
}

/** The fields that every "events" frame states afresh. */
function standing(frame) {
  return {
    seq: frame.to ?? frame.seq,
    head: frame.head,
    state: frame.state,
    endsAt: moment(frame.ends_at),
    best: frame.best ? { ...frame.best, fen: fenOf(frame.best.amount) } : null,
    nextMax: frame.next_max == null ? null : fenOf(frame.next_max),
    bidders: frame.bidders,
  };
}

function rung(bid) {
  return { seq: bid.seq, at: moment(bid.at), by: bid.by, amount: bid.amount, fen: fenOf(bid.amount), auto: bid.auto === true };
}

export function moment(value) {
  return typeof value === "number" || value == null ? value : Date.parse(value);
}

/**
 * Take in an "events" frame. Returns {state, replayFrom, diverged}.
 * replayFrom: the first seq that is missing; the frame was not applied. diverged: same seq, other head.
 */
export function receive(state, frame) {
  if (frame.from > state.seq + 1) return { state, replayFrom: state.seq + 1, diverged: false };
  const diverged = frame.to === state.seq && Boolean(frame.head) && frame.head !== state.head;
  if (frame.to <= state.seq) return { state: remember(state, frame.events), replayFrom: null, diverged };
  const fresh = frame.events.filter((event) => event.seq > state.seq);
  const folded = remember(fresh.reduce(fold, state), frame.events);
  return { state: { ...folded, ...standing(frame) }, replayFrom: null, diverged: false };
}

/** One event's consequence. Used alone by the replay, where no frame states the standing. */
export function fold(state, event) {
  const change = FOLDS[event.kind];
  return { ...state, seq: event.seq, ...(change ? change(state, event) : {}) };
}

const FOLDS = {
  opened: () => ({ state: "open" }),
  entered: (state) => ({ bidders: state.bidders + 1 }),
  withdrawn: (state) => ({ bidders: state.bidders - 1 }),
  bid: (state, event) => {
    const bid = rung(event);
    const over = Math.max(0, state.ladder.length + 1 - LADDER);
    const lowest = [bid, ...state.lowest.filter((other) => other.by !== bid.by)];
    const ladder = [...state.ladder.slice(over), bid];
    return { ladder, ladderFrom: state.ladderFrom + over, lowest, best: bid, nextMax: Math.max(bid.fen - state.step, 0) };
  },
  extended: (_, event) => ({ endsAt: moment(event.ends_at) }),
  closed: () => ({ state: "closed" }),
  failed: (_, event) => ({ state: "failed", result: { reason: event.reason } }),
  draw: (_, event) => ({ draw: event }),
  revealed: (_, event) => ({ names: event.names ?? {} }),
  // an "excluded" changes nothing here: the award that follows says who was selected
  awarded: (_, event) => ({ state: "closed", result: { winner: event.by, amount: event.amount } }),
};

function timed(event) {
  return { ...event, at: moment(event.at) };
}

/** Keep events for the feed and the marks on the chart: each once, in order of commit. */
function remember(state, events) {
  const last = state.history.at(-1)?.seq ?? 0;
  if (events.every((event) => event.seq > last)) return { ...state, history: [...state.history, ...events.map(timed)] };
  const bySeq = new Map(state.history.map((event) => [event.seq, event]));
  for (const event of events) bySeq.set(event.seq, timed(event));
  return { ...state, history: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

export function mergeHistory(state, events) {
  return remember(state, events);
}

/** How many bids there have been. */
export function bidCount(state) {
  return state.ladderFrom + state.ladder.length;
}

/** Where the picture still lacks events before its seq (a snapshot carries bids only). */
export function lacksHistory(state) {
  return state.history.length < state.seq;
}

/** Each bidder's lowest bid in a whole ladder, best first; of two equal the earlier. A picture holds it as `lowest`. */
export function ranking(ladder) {
  const lowest = new Map();
  for (const bid of ladder) {
    const mine = lowest.get(bid.by);
    if (!mine || bid.fen < mine.fen) lowest.set(bid.by, bid);
  }
  return [...lowest.values()].sort((a, b) => a.fen - b.fen || a.seq - b.seq);
}

/** My place: {rank, of, fen, gap}; null before my first bid. */
export function place(state, pseudonym) {
  const order = state.lowest;
  const index = order.findIndex((bid) => bid.by === pseudonym);
  if (index < 0) return null;
  return { rank: index + 1, of: order.length, fen: order[index].fen, gap: order[index].fen - order[0].fen };
}

/** What people see happening, by the server's clock: the log's word first, then the dates. */
export function phase(state, now) {
  if (state.state === "closed" || state.state === "failed") return state.state;
  if (now < state.startsAt) return "scheduled";
  return now >= state.endsAt ? "closing" : "open";
}

/** The agency's name once the log has revealed it, before that its pseudonym. */
export function nameOf(state, pseudonym) {
  const known = state.names[pseudonym];
  const name = typeof known === "string" ? known : known?.name;
  return name ? `${pseudonym} ${name}` : pseudonym;
}

/** Who takes part, as far as the history tells: entered and not withdrawn. */
export function entrants(state) {
  const present = new Set();
  for (const event of state.history) {
    if (event.kind === "entered") present.add(event.by);
    if (event.kind === "withdrawn") present.delete(event.by);
  }
  return [...present].sort();
}

export function extensions(state) {
  return state.history.filter((event) => event.kind === "extended");
}

/** The three quick steps below the best (or from the ceiling): amounts that would be accepted now. */
export function quickSteps(state, steps = [0, 1, 4]) {
  if (state.nextMax == null) return [];
  const amounts = steps.map((n) => state.nextMax - n * state.step).filter((fen) => fen > 0);
  return [...new Set(amounts)];
}

/** Why an amount would not be accepted now: "too_high" or null. The server has the last word. */
export function objection(state, fen) {
  return state.nextMax != null && fen > state.nextMax ? "too_high" : null;
}

/** How far below the best (before the first bid: the ceiling) an amount is, as a share of it. */
export function drop(state, fen) {
  const reference = state.best ? state.best.fen : state.ceiling;
  return { reference, fen: reference - fen, share: (reference - fen) / reference };
}
