// The checks that decide again what the record says was decided: rules, bids, course, identities, draw, awards. Each
// takes {file, records} and throws Broken, or returns what it found in numbers for the page.

import { blank, fold, folded, fen, micros, newEnd, objection, sortedEntrants, tooFew, yuan } from "./board.js";
import { Broken, digest, hex, sha256, unhex } from "./bytes.js";
import { canonical } from "./canonical.js";
import { drawn, nextBest } from "./outcome.js";

/** The rule set in the file is the one named at the opening, and the terms are what it makes of the need. */
export async function rules({ file, records }) {
  const stored = records[0].data.terms;
  const published = file.rules;
  if (!stored.rules_digest && !published) return { code: "rules.unnamed" };
  if (published?.ref !== stored.rules) throw new Broken("rules_missing", { rules: stored.rules });
  if ((await digest(canonical(published.parameters))) !== stored.rules_digest) throw new Broken("rules_changed", { rules: stored.rules });
  const field = astray(stored, published.parameters);
  if (field) throw new Broken("rules_astray", { rules: stored.rules, field });
  return { code: "rules", rules: stored.rules, step: stored.step };
}

function astray(stored, given) {
  const minutes = stored.method === "live_auction" ? given.hard_end_minutes : 0;
  const followed = {
    step: fen(stored.step) === leastStep(fen(stored.ceiling), given.step_share, given.step_rounding),
    hard_ends_at: micros(stored.hard_ends_at) === micros(stored.ends_at) + BigInt(minutes) * 60_000_000n,
    soft_close_seconds: stored.soft_close_seconds === given.soft_close_seconds,
    extension_seconds: stored.extension_seconds === given.extension_seconds,
    min_entrants: [given.min_entrants_department, given.min_entrants_enterprise].includes(stored.min_entrants),
  };
  return Object.keys(followed).find((name) => !followed[name]);
}

/** A share of the ceiling, rounded up to a multiple of `rounding`; at least one fen, at most the ceiling. In fen. */
export function leastStep(ceiling, share, rounding) {
  const [part, unit] = [fraction(share), fraction(rounding)];
  const [above, below] = [BigInt(ceiling) * part.n * unit.d, 100n * part.d * unit.n];
  const raw = (((above + below - 1n) / below) * unit.n * 100n) / unit.d;
  return Math.min(Math.max(Number(raw), 1), ceiling);
}

function fraction(text) {
  const [whole, decimals = ""] = /^\d+(\.\d+)?$/.test(text) ? text.split(".") : [];
  if (whole === undefined) throw new TypeError(`${text} is not a number`);
  return { n: BigInt(whole + decimals), d: 10n ** BigInt(decimals.length) };
}

/** Every bid is decided again; what the rules would append must be what stands in the record. */
export async function bids({ records }) {
  const board = blank();
  let owed = null;
  for (const record of records) {
    if (owed !== null) {
      const paid = record.kind === "extended" && record.at === owed.at && micros(record.data.ends_at) === owed.end;
      if (!paid) throw new Broken("extension_missing", { seq: record.seq, bid: record.seq - 1 });
      owed = null;
    } else if (record.kind === "extended") {
      throw new Broken("extension_unfounded", { seq: record.seq });
    } else if (record.kind === "bid") {
      owed = due(board, record);
    }
    fold(board, record);
  }
  return { code: "bids", n: board.bids.length, extended: records.filter((record) => record.kind === "extended").length };
}

function due(board, record) {
  const why = record.data.auto && record.data.ref ? "auto_ref" : objection(board, record.data, record.at);
  if (why) throw new Broken("bid_refused", { seq: record.seq, why });
  const end = newEnd(board, record.at);
  return end === null ? null : { at: record.at, end };
}

/** Everything happens in its time: entry before the start, one close, nothing but the decision after it. */
export async function course({ records }) {
  const board = blank();
  for (const record of records) {
    const trouble = misplaced(board, record);
    if (trouble) throw new Broken(trouble, { seq: record.seq });
    fold(board, record);
  }
  if (!board.ending) throw new Broken("no_close");
  if (!board.awards.length && !board.failed) throw new Broken("no_decision");
  return { code: "course", n: board.entrants.size };
}

const WHILE_OPEN = new Set(["entered", "withdrawn", "bid", "extended", "floor_sealed", "closed"]);
const AFTER_CLOSE = new Set(["floors_opened", "draw", "revealed", "excluded", "awarded", "failed"]);

function misplaced(board, record) {
  if (WHILE_OPEN.has(record.kind) && board.ending) return "after_close";
  if (AFTER_CLOSE.has(record.kind) && !board.ending) return "before_close";
  return PLACES[record.kind]?.(board, record) ?? null;
}

const PLACES = {
  entered: (board, { at, data }) => {
    if (at >= board.terms.startsAt) return "entered_late";
    return board.pseudonyms.has(data.by) ? "pseudonym_taken" : null;
  },
  withdrawn: (board, { at, data }) => {
    if (at >= board.terms.startsAt) return "withdrawn_late";
    return board.entrants.has(data.by) ? null : "withdrawn_unknown";
  },
  closed: (board, { at, data: { reason } }) => {
    if (reason === "cancelled") return null;
    const few = reason === "too_few_entrants";
    if (few !== tooFew(board)) return "close_reason";
    return at >= (few ? board.terms.startsAt : board.end) ? null : "closed_early";
  },
  revealed: (board) => (board.ending === "time" && !board.names?.size ? null : "revealed_again"),
  failed: (board, { data: { reason } }) => {
    const unsold = board.terms.method === "live_auction" && !board.bids.length;
    const expected = board.ending !== "time" ? board.ending : unsold ? "no_bid" : "none_left";
    return reason === expected ? null : "fail_reason";
  },
};

/** For every pseudonym that was revealed, SHA-256 over "agency|name|salt" is its commitment. */
export async function identities({ records }) {
  const { names, entrants } = folded(records);
  if (!names?.size) return { code: "identities.none" };
  if (names.size !== entrants.size || [...names.keys()].some((by) => !entrants.has(by))) throw new Broken("names_of_others");
  for (const [by, { agency, name, salt }] of names) {
    if ((await digest(`${agency}|${name}|${salt}`)) !== entrants.get(by)) throw new Broken("name_false", { by });
  }
  return { code: "identities", n: names.size };
}

/** One draw where one was announced, by the secret and among the entrants it was announced for; none elsewhere. */
export async function draw({ records }) {
  const board = folded(records);
  const draws = records.filter((record) => record.kind === "draw");
  const wanted = board.terms.method === "random_draw" && board.ending === "time" ? 1 : 0;
  if (draws.length !== wanted) throw new Broken(wanted ? "draw_missing" : "draw_unfounded", { n: draws.length });
  for (const { seq, data } of draws) {
    const entrants = sortedEntrants(board);
    if (hex(await sha256(unhex(data.secret))) !== board.terms.commitment) throw new Broken("draw_secret", { seq });
    if (canonical(data.entrants) !== canonical(entrants)) throw new Broken("draw_entrants", { seq });
    if (data.winner !== (await drawn(data.secret, board.closingHead, entrants))) throw new Broken("draw_winner", { seq });
  }
  return draws.length ? { code: "draw", n: board.entrants.size, by: draws[0].data.winner } : { code: "draw.none" };
}

/** Each award goes to the best of those left, at the amount of their bid; passed over is only whose turn it is. */
export async function awards({ records }) {
  const board = blank();
  for (const record of records) {
    if (record.kind in DECISIONS) {
      const expected = board.names?.size ? await nextBest(board) : null;
      const trouble = DECISIONS[record.kind](board, expected, record.data);
      if (trouble) throw new Broken(trouble, { seq: record.seq, by: record.data.by, expected: expected?.by });
    }
    fold(board, record);
  }
  const last = board.awards.at(-1);
  return last ? { code: "awards", by: last.by, rank: last.rank } : { code: "awards.none", failed: board.failed };
}

const DECISIONS = {
  awarded: (board, expected, { by, amount, rank }) => {
    if (!expected) return "award_early";
    const right = by === expected.by && amount === yuan(expected.fen) && rank === board.awards.length + 1;
    return right ? null : "award_other";
  },
  excluded: (_, expected, { by }) => (expected?.by === by ? null : "excluded_other"),
  failed: (_, expected, { reason }) => (expected && reason === "none_left" ? "fail_reason" : null),
};
