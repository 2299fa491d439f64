// The checks of a record in their order, and the first three of them: form, chain, signed heads.
// docs/verification.md is the text; bidding/verify is its other reading, and tests/vectors hold both to one answer.

import { folded, micros } from "./board.js";
import { Broken, digest } from "./bytes.js";
import { canonical } from "./canonical.js";
import { awards, bids, course, draw, identities, rules } from "./checks.js";
import { floors } from "./floors.js";
import { FILE, FRAME, KINDS, fault } from "./forms.js";
import { root } from "./merkle.js";
import { ranking } from "./outcome.js";
import { checkKeys, checkSignature } from "./signed.js";

export const CHECKS = { form, chain, heads, rules, bids, floors, course, identities, draw, awards };
const SLICE = 50; // milliseconds of work before the page may draw

/**
 * Run every check in order; the first that fails ends the run. Returns [{code, fault, found}]: fault is null or
 * {code, params}, found says in numbers what was checked.
 * @param trusted {key id: raw public key, hex}, replaces the keys the file brings; null believes those
 * @param seen called with each finding as it is made; told(code, done, of) with progress
 */
export async function verify(file, { trusted = null, seen = () => {}, told = () => {} } = {}) {
  const work = { file, trusted, records: [], told };
  const findings = [];
  for (const [code, check] of Object.entries(CHECKS)) {
    told(code, 0, 1);
    findings.push(await finding(code, () => check(work)));
    await seen(findings.at(-1));
    if (findings.at(-1).fault) break;
  }
  return findings;
}

export async function finding(code, check) {
  try {
    return { code, fault: null, found: (await check()) ?? null };
  } catch (broken) {
    return { code, fault: { code: broken.code && broken instanceof Broken ? broken.code : "unreadable", params: broken.params ?? {} }, found: null };
  }
}

/** Every text parses, has the fields of its kind written their one way, and is its own canonical form. */
async function form(work) {
  const where = fault(FILE, work.file);
  if (where !== null) throw new Broken("file_form", { field: where });
  for (const [index, body] of work.file.records.entries()) work.records.push(await read(body, index + 1));
  return { code: "form", n: work.records.length };
}

async function read(body, number) {
  const fields = json(body);
  if (fields === undefined || canonicalOr(fields) !== body) throw new Broken("not_canonical", { seq: number });
  if (!Object.hasOwn(KINDS, fields?.kind)) throw new Broken("kind", { seq: number });
  const where = fault({ ...FRAME, ...KINDS[fields.kind] }, fields);
  if (where !== null) throw new Broken("record_form", { seq: number, field: where });
  const { v: _v, competition, seq, at, kind, prev, ...data } = fields;
  return { competition, seq, at: micros(at), moment: at, kind, prev, data, body, hash: await digest(body) };
}

export function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function canonicalOr(value) {
  try {
    return canonical(value);
  } catch {
    return null;
  }
}

/** seq counts from 1, competition is the file's, prev is the hash of the record before, one opening comes first. */
async function chain({ file, records }) {
  if (records[0]?.kind !== "opened") throw new Broken("no_opening");
  let previous = "0".repeat(64);
  for (const [index, record] of records.entries()) {
    const seq = index + 1;
    if (record.seq !== seq) throw new Broken("numbered", { seq, is: record.seq });
    if (record.competition !== file.competition) throw new Broken("other_competition", { seq, is: record.competition });
    if (seq > 1 && record.kind === "opened") throw new Broken("opened_again", { seq });
    if (record.prev !== previous) throw new Broken("not_chained", { seq });
    previous = record.hash;
  }
  return { code: "chain", head: previous };
}

/** Heads lie side by side from the first record to the last; each signature is good under a known key. */
async function heads({ file, records, trusted, told }) {
  const keys = trusted ?? file.keys;
  await checkKeys({ ...file.keys, ...keys });
  let [reached, drawn] = [0, performance.now()];
  for (const [index, head] of file.heads.entries()) {
    const { first_seq: first, last_seq: last } = head;
    if (first !== reached + 1 || first > last || last > records.length) throw new Broken("head_gap", { first, last, reached });
    const hashes = records.slice(first - 1, last).map((record) => record.hash);
    if ((await root(hashes)) !== head.root) throw new Broken("head_root", { first, last });
    await checkSignature(keys, file.competition, { ...head, first, last });
    reached = last;
    if (performance.now() - drawn < SLICE) continue;
    await told("heads", index + 1, file.heads.length);
    drawn = performance.now();
  }
  if (reached !== records.length) throw new Broken("unsigned", { reached });
  return { code: "heads", n: file.heads.length, keys: [...new Set(file.heads.map((head) => head.key_id))] };
}

/** What the record says once it is verified: the terms, the ranking as recalculated, who was awarded, by whom. */
export async function outcome(file) {
  const records = await Promise.all(file.records.map((body, index) => read(body, index + 1)));
  const board = folded(records);
  const order = board.ending === "time" ? await ranking(board) : [];
  return { board, ranking: order, records };
}
