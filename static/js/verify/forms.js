// What every field looks like: one way to write each value, so that no byte is free. A form is a test of a value, or
// an object of forms; a name that ends in "?" may be missing.

const written = (pattern) => {
  const whole = new RegExp(`^(?:${pattern})$`);
  return (value) => typeof value === "string" && whole.test(value);
};
const text = (value) => typeof value === "string";
const count = (value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
const oneOf = (...values) => (value) => values.includes(value);
const many = (form) => (value) => Array.isArray(value) && value.every((item) => !fault(form, item));
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const named = (key, form) => (value) => isObject(value) && Object.entries(value).every(([name, item]) => key(name) && !fault(form, item));

const digits = written("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z");
/** 2026-11-22T18:00:00.123456Z, and a day the calendar has. */
const moment = (value) => {
  if (!digits(value)) return false;
  const day = new Date(`${value.slice(0, 23)}Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 19) === value.slice(0, 19);
};
const amount = written("(0|[1-9][0-9]{0,9})\\.[0-9]{2}");
const price = (value) => amount(value) && value !== "0.00";
const hash = written("[0-9a-f]{64}");
const number = written("[1-9][0-9]{0,15}");
const keyId = written("[0-9a-f]{16}");
const signature = written("[0-9a-f]{128}");

const TERMS = {
  method: oneOf("live_auction", "random_draw"), ceiling: amount, step: amount, starts_at: moment, ends_at: moment, hard_ends_at: moment,
  soft_close_seconds: count, extension_seconds: count, min_entrants: count, rules: written("[a-z_]+@[1-9][0-9]*"), "rules_digest?": hash,
  draw_commitment: hash,
};
const floor = written("(0|[1-9][0-9]{0,9})\\.[0-9]{2}|taken_back|restricted");
const SEAL = { seq: count, by: text, cover: hash, "amount?": floor, "salt?": hash };
export const FRAME = { v: (value) => value === 1, competition: count, seq: count, at: moment, kind: text, prev: hash };
export const KINDS = {
  opened: { need: text, terms: TERMS },
  entered: { by: text, commitment: hash },
  withdrawn: { by: text },
  bid: { by: text, amount: price, ref: text, "auto?": (value) => value === true },
  extended: { ends_at: moment },
  floor_sealed: { commitment: hash },
  closed: { reason: oneOf("time", "too_few_entrants", "cancelled") },
  floors_opened: { floors: many(SEAL) },
  draw: { secret: hash, entrants: many(text), winner: text },
  revealed: { names: named(text, { agency: number, name: text, salt: text }) },
  excluded: { by: text, reason: text },
  awarded: { by: text, amount, rank: count },
  failed: { reason: oneOf("too_few_entrants", "no_bid", "none_left", "cancelled") },
};
const HEAD = { first_seq: count, last_seq: count, root: hash, key_id: keyId, signature };
export const FILE = {
  format: oneOf("open-market-record"), version: oneOf(1), competition: count, records: many(text), heads: many(HEAD),
  keys: named(keyId, hash), "rules?": { ref: text, parameters: isObject },
};
export const RECEIPT = {
  format: oneOf("open-market-receipt"), version: oneOf(1), competition: count, seq: count, at: moment, amount, ref: text, body: text,
  hash, first: count, last: count, root: hash, path: many(written("[LR]:[0-9a-f]{64}")), key_id: keyId, signature,
};
const { amount: _amount, ref: _ref, ...unpriced } = RECEIPT;
export const FLOOR_RECEIPT = { ...unpriced, opening: { by: text, amount: floor, salt: hash } };
export const isKeyId = keyId;
export const isHash = hash;

/** The name of the first field that is not as its form demands ("" for the value itself); null when all are. */
export function fault(form, value) {
  if (typeof form === "function") return form(value) ? null : "";
  if (!isObject(value)) return "";
  const known = new Set(Object.keys(form).map(bare));
  const extra = Object.keys(value).find((name) => !known.has(name));
  if (extra !== undefined) return extra;
  for (const [name, part] of Object.entries(form)) {
    const there = Object.hasOwn(value, bare(name));
    const inner = there ? fault(part, value[bare(name)]) : name.endsWith("?") ? null : "";
    if (inner !== null) return inner ? `${bare(name)}.${inner}` : bare(name);
  }
  return null;
}

const bare = (name) => name.replace(/\?$/, "");
