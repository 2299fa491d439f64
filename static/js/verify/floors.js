// Sealed floors: the openings fit their seals, and the automatic bids are exactly those that the floors make.

import { blank, fen, fold, micros, newEnd, nextMax } from "./board.js";
import { Broken, digest } from "./bytes.js";

const UNKNOWN = 0; // what an amount that stayed sealed counts as: lower than all others

/** What hides whose floor it is: SHA-256 of "by|cover". */
export const commitment = (by, cover) => digest(`${by}|${cover}`);
/** What hides its amount: SHA-256 of "amount|salt". */
export const cover = (held, salt) => digest(`${held}|${salt}`);

/** Without openings (nothing was sealed, or the competition ended before its time) there is nothing to work out. */
export async function floors({ records }) {
  const opened = await openings(records);
  if (!opened) return noneUnsealed(records);
  const walk = new Walk(opened);
  for (const record of records) walk.take(record);
  return { code: "floors", n: opened.size, auto: records.filter((record) => record.data.auto).length };
}

/** seq -> what was opened of each seal; every seal has its row and every row fits. Null when nothing was to be opened. */
async function openings(records) {
  const sealed = records.filter((record) => record.kind === "floor_sealed");
  const found = records.filter((record) => record.kind === "floors_opened");
  const due = sealed.length > 0 && records.some((record) => record.data.reason === "time") ? 1 : 0;
  if (found.length !== due) throw new Broken("floors_unopened");
  if (!due) return null;
  const [{ seq, data }] = found;
  if (records[seq - 2]?.kind !== "closed") throw new Broken("floors_opened", { seq });
  if (data.floors.map((row) => row.seq).join() !== sealed.map((record) => record.seq).join()) throw new Broken("floors_unopened");
  for (const [index, row] of data.floors.entries()) await fits(row, sealed[index]);
  return new Map(data.floors.map((row) => [row.seq, row]));
}

async function fits(row, record) {
  const whose = (await commitment(row.by, row.cover)) === record.data.commitment;
  const halves = "amount" in row === "salt" in row;
  const what = !("amount" in row) || (await cover(row.amount, row.salt)) === row.cover;
  if (!whose || !halves || !what) throw new Broken("floors_seal", { seq: record.seq });
}

/** Automatic bids that cannot be worked out still need a seal before them. */
function noneUnsealed(records) {
  const sealed = records.find((record) => record.kind === "floor_sealed");
  const auto = records.find((record) => "auto" in record.data);
  if (auto && !(sealed?.seq < auto.seq)) throw new Broken("floors_bid", { seq: auto.seq });
  return sealed ? { code: "floors.sealed" } : { code: "floors.none" };
}

/** Through the record once more, with what is known of the floors; `owed` are automatic bids that must come now. */
class Walk {
  constructor(opened) {
    Object.assign(this, { opened, board: blank(), seals: [], owed: [], cause: null });
  }

  take(record) {
    this.#workOut(record);
    const automatic = this.owed.length > 0;
    if (automatic) this.#isOwed(record);
    else if ("auto" in record.data) throw new Broken("floors_bid", { seq: record.seq });
    if (record.kind === "closed") this.#openingsAreRight();
    fold(this.board, record);
    if (record.kind === "floor_sealed") this.#sealed(record, automatic);
    else if (record.kind === "bid" && !automatic) this.cause = record.at;
  }

  /** What the floors do before this record. `cause` waits while the cause's own extension may still come. */
  #workOut(record) {
    if (this.cause !== null && record.kind !== "extended") {
      this.#owe(this.cause);
      this.cause = null;
    } else if (!this.board.begun && begins(this.board, record)) {
      this.#owe(this.board.terms.startsAt);
    }
  }

  #owe(at) {
    this.owed = answers(this.board, inForce(this.board, this.seals), at);
  }

  /** The next automatic bid; or the end of a floor that a restriction keeps from making one. */
  #isOwed(record) {
    if (same(record, this.owed[0])) {
      this.owed.shift();
      return;
    }
    const row = this.opened.get(record.seq);
    const bidders = this.owed.filter((event) => event.kind === "bid").map((event) => event.by);
    const ended = row?.amount === "restricted" && bidders.includes(row.by) && record.at === this.owed[0].at;
    if (!ended) throw new Broken("floors_bid", { seq: record.seq });
  }

  #sealed(record, automatic) {
    const row = this.opened.get(record.seq);
    if (!this.board.entrants.has(row.by)) throw new Broken("floors_whose", { seq: record.seq });
    if (!automatic && row.amount === "restricted") throw new Broken("floors_opened", { seq: record.seq });
    this.seals.push({ seq: record.seq, by: row.by, amount: held(row) });
    if (automatic) this.#owe(this.owed[0].at);
    else if (this.board.begun) this.cause = later(record.at, this.board.terms.startsAt);
  }

  /** Opened is only what was in force while there was bidding and can bid no more. */
  #openingsAreRight() {
    const begun = this.board.begun || this.board.seq + 1;
    const before = inForce(this.board, this.seals.filter((seal) => seal.seq < begun));
    const could = new Set([...before.map((floor) => floor.seq), ...this.seals.filter((seal) => seal.seq >= begun).map((seal) => seal.seq)]);
    for (const { seq, amount } of this.seals) {
      const shown = "amount" in this.opened.get(seq) && amount !== null;
      if (shown && !(could.has(seq) && amount > (nextMax(this.board) ?? 0))) throw new Broken("floors_opened", { seq });
    }
  }
}

function begins(board, { kind, at, data }) {
  if (kind === "floor_sealed") return at >= board.terms.startsAt;
  return kind === "bid" || (kind === "closed" && data.reason === "time");
}

/** A seal's amount in fen; null for one that ended a floor. */
function held({ amount }) {
  if (amount === undefined) return UNKNOWN;
  return /^\d/.test(amount) ? fen(amount) : null;
}

/** Each entrant's newest seal, where it holds an amount. */
function inForce(board, seals) {
  const newest = new Map(seals.filter((seal) => board.entrants.has(seal.by)).map((seal) => [seal.by, seal]));
  return [...newest.values()].filter((seal) => seal.amount !== null);
}

const later = (one, other) => (one > other ? one : other);
const byDepth = (a, b) => a.amount - b.amount || a.seq - b.seq;

/** The automatic bids that are due, with the extension that the first of them causes. */
function answers(board, standing, cause) {
  const at = later(cause, board.terms.startsAt);
  const events = automatic(board, standing).map(([by, amount]) => ({ kind: "bid", at, by, amount }));
  const end = events.length ? newEnd(board, at) : null;
  if (end !== null) events.splice(1, 0, { kind: "extended", at, end });
  return events;
}

function same(record, owed) {
  if (record.kind !== owed.kind || record.at !== owed.at) return false;
  if (owed.kind === "extended") return micros(record.data.ends_at) === owed.end;
  return record.data.auto === true && record.data.ref === "" && record.data.by === owed.by && fen(record.data.amount) === owed.amount;
}

/** Who bids how much, in order: [[by, fen]]. */
export function automatic(board, standing) {
  const { step } = board.terms;
  let leader = board.bids.at(-1)?.by ?? "";
  let limit = nextMax(board) ?? 0;
  const challenge = [];
  for (;;) {
    const others = standing.filter((floor) => floor.by !== leader && floor.amount <= limit).sort(byDepth);
    if (!others.length || limit < 1) return challenge;
    const own = standing.filter((floor) => floor.by === leader && floor.amount <= limit - step);
    if (!own.length || byDepth(own[0], others[0]) < 0) return [...challenge, ...meeting([...others, ...own].sort(byDepth), limit, step)];
    leader = others[0].by;
    challenge.push([leader, limit]);
    limit -= step;
  }
}

/** Floors in order, the leader's among them only when it is the first: last stands, highest first. */
function meeting([first, ...rest], limit, step) {
  if (!rest.length || first.amount > limit - step) return [[first.by, limit]];
  const bids = [[first.by, Math.max(rest[0].amount, first.amount + step) - step]];
  for (const floor of rest) {
    const stand = Math.max(floor.amount, bids.at(-1)[1] + step);
    if (stand > limit) break;
    bids.push([floor.by, stand]);
  }
  return bids.reverse();
}
