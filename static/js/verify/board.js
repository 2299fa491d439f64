// The state that the events of a record add up to, and the rules of the auction. Amounts are whole fen, moments whole
// microseconds (BigInt): nothing is ever rounded.

import { byCodePoint } from "./canonical.js";

export const fen = (amount) => Number(amount.replace(".", ""));
export const yuan = (amount) => `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
export const micros = (moment) => BigInt(Date.parse(`${moment.slice(0, 19)}Z`)) * 1000n + BigInt(moment.slice(20, 26));
const seconds = (count) => BigInt(count) * 1_000_000n;

export function blank() {
  return {
    seq: 0, head: "0".repeat(64), terms: null, end: null, entrants: new Map(), pseudonyms: new Set(), bids: [], lowest: new Map(),
    refs: new Set(), begun: 0, names: null, excluded: new Set(), awards: [], ending: "", closingHead: "", secret: "", failed: "",
  };
}

/** Take in the next record {seq, hash, kind, at, data}. */
export function fold(board, record) {
  FOLDS[record.kind](board, record.data, record);
  board.seq = record.seq;
  board.head = record.hash;
  return board;
}

export const folded = (records) => records.reduce(fold, blank());

const FOLDS = {
  opened: (board, { terms }) => {
    board.terms = readTerms(terms);
    board.end = board.terms.endsAt;
  },
  entered: (board, { by, commitment }) => {
    board.entrants.set(by, commitment);
    board.pseudonyms.add(by);
  },
  withdrawn: (board, { by }) => board.entrants.delete(by),
  bid: (board, { by, amount, ref, auto = false }, { seq, at }) => {
    const standing = { by, fen: fen(amount), seq, at, auto };
    board.bids.push(standing);
    board.lowest.set(by, standing);
    board.begun ||= seq;
    if (!auto) board.refs.add(`${by}:${ref}`);
  },
  extended: (board, data) => {
    board.end = micros(data.ends_at);
  },
  floor_sealed: (board, _, { seq, at }) => {
    if (at >= board.terms.startsAt) board.begun ||= seq;
  },
  floors_opened: () => {},
  closed: (board, { reason }) => {
    board.ending = reason;
    board.closingHead = board.head;
  },
  draw: (board, { secret }) => {
    board.secret = secret;
  },
  revealed: (board, { names }) => {
    board.names = new Map(Object.entries(names));
  },
  excluded: (board, { by }) => board.excluded.add(by),
  awarded: (board, { by, amount, rank }, { seq, at }) => {
    board.awards.push({ by, fen: fen(amount), rank, seq, at });
    board.failed = "";
  },
  failed: (board, { reason }) => {
    board.failed = reason;
  },
};

function readTerms(terms) {
  return {
    method: terms.method, ceiling: fen(terms.ceiling), step: fen(terms.step), startsAt: micros(terms.starts_at), endsAt: micros(terms.ends_at),
    hardEndsAt: micros(terms.hard_ends_at), softClose: seconds(terms.soft_close_seconds), extension: seconds(terms.extension_seconds),
    minEntrants: terms.min_entrants, rules: terms.rules, commitment: terms.draw_commitment,
  };
}

export const tooFew = (board) => board.entrants.size < board.terms.minEntrants;
export const sortedEntrants = (board) => [...board.entrants.keys()].sort(byCodePoint);

/** The highest amount that would be accepted now; null when the price cannot fall further. */
export function nextMax(board) {
  if (!board.bids.length) return board.terms.ceiling;
  const room = board.bids.at(-1).fen - board.terms.step;
  return room >= 1 ? room : null;
}

/** Why a bid would not be accepted, a word of the page; null when it would. */
export function objection(board, { by, amount, ref }, at) {
  if (board.refs.has(`${by}:${ref}`)) return "repeated";
  if (board.ending || board.failed) return "closed";
  if (!board.entrants.has(by)) return "not_entered";
  if (at < board.terms.startsAt) return "early";
  if (at >= board.end) return "late";
  const limit = nextMax(board);
  return limit !== null && fen(amount) <= limit ? null : "price";
}

/** The end a bid at this moment moves the auction to; null when it stays. */
export function newEnd(board, at) {
  if (board.end - at > board.terms.softClose) return null;
  const { extension, hardEndsAt } = board.terms;
  const end = at + extension < hardEndsAt ? at + extension : hardEndsAt;
  return end > board.end ? end : null;
}
