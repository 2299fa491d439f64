import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fen, micros, yuan } from "../../static/js/verify/board.js";
import { hex, sha256, unhex, utf8 } from "../../static/js/verify/bytes.js";
import { byCodePoint, canonical } from "../../static/js/verify/canonical.js";
import { leastStep } from "../../static/js/verify/checks.js";
import { calculated, good } from "../../static/js/verify/ed25519.js";
import { sides } from "../../static/js/verify/merkle.js";
import { CHECKS, outcome, verify } from "../../static/js/verify/record.js";
import { verifyReceipt } from "../../static/js/verify/receipt.js";

const vector = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const HONEST = ["auction", "floors", "draw", "too_few", "no_bid", "cancelled"];
const auction = vector("auction");
const keys = auction.keys;
const said = (findings) => findings.map(({ code, fault }) => (fault ? `${code}: ${fault.code}` : code));
const copy = (value) => structuredClone(value);

test("honest records pass every check, and say who won", async () => {
  for (const name of HONEST) assert.deepEqual(said(await verify(vector(name), { trusted: keys })), Object.keys(CHECKS), name);
  const { board, ranking } = await outcome(auction);
  assert.deepEqual(ranking.map((bid) => [bid.by, yuan(bid.fen)]), [["P4", "45500.00"], ["K7", "46000.00"], ["M2", "47000.00"]]);
  assert.deepEqual(board.awards.map((award) => [award.by, award.rank]), [["P4", 1], ["M2", 2]]);
});

test("whatever is broken is named by the same check as by the platform's own verifier", async () => {
  for (const { name, check, file } of vector("tampered")) {
    const last = (await verify(file)).at(-1);
    assert.equal(last.fault && last.code, check, `${name}: ${JSON.stringify(last)}`);
    assert.notEqual(last.fault.code, "unreadable", name);
  }
});

test("receipts lead to the record, and broken ones are named", async () => {
  const { good: receipts, floors, tampered } = vector("receipts");
  for (const receipt of floors) assert.equal(said(await verifyReceipt(receipt, { record: vector("floors"), trusted: keys })).at(-1), "kept");
  const other = { ...floors[0], opening: { ...floors[0].opening, amount: "1.00" } };
  assert.deepEqual(said(await verifyReceipt(other, { trusted: keys })), ["receipt: receipt_opening"]);
  for (const receipt of receipts) {
    assert.deepEqual(said(await verifyReceipt(receipt, { record: auction, trusted: keys })), ["receipt", "path", "signature", "kept"]);
  }
  for (const { name, check, receipt } of tampered) {
    const last = (await verifyReceipt(receipt, { trusted: keys })).at(-1);
    assert.equal(last.fault && last.code, check, name);
  }
  const rewritten = vector("tampered").find(({ name }) => name === "a bid above the step").file;
  const last = (await verifyReceipt(receipts.at(-1), { record: rewritten, trusted: keys })).at(-1);
  assert.equal(last.fault.code, "kept_changed", "a record signed anew after the bid is found by the receipt");
});

test("a key of one's own is not believed, unless one says so", async () => {
  const stranger = { "0000000000000000": "11".repeat(32) };
  assert.equal((await verify(auction, { trusted: stranger })).at(-1).fault.code, "key_id");
  assert.equal((await verify(auction, { trusted: {} })).at(-1).fault.code, "unknown_key");
});

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed) {
  let a = seed;
  return (n) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

test("any changed character of any record, head or key is found", async () => {
  const random = seeded(20261122);
  const places = [];
  for (const [i, body] of auction.records.entries()) for (let k = 0; k < 8; k++) places.push(["records", i, null, random(body.length)]);
  for (const [i, head] of auction.heads.entries()) {
    for (const name of ["root", "key_id", "signature"]) places.push(["heads", i, name, random(head[name].length)]);
  }
  for (const [where, index, name, at] of places) {
    const broken = copy(auction);
    const text = name ? broken[where][index][name] : broken[where][index];
    const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << random(6)));
    const changed = text.slice(0, at) + other + text.slice(at + 1);
    if (name) broken[where][index][name] = changed;
    else broken[where][index] = changed;
    assert.ok((await verify(broken)).at(-1).fault, `${where} ${index} ${name ?? ""} ${at}`);
  }
});

test("any record or head dropped, doubled or moved is found", async () => {
  const random = seeded(7);
  for (let round = 0; round < 120; round++) {
    const broken = copy(auction);
    const list = broken[random(3) ? "records" : "heads"];
    const [one, two] = [random(list.length), random(list.length)];
    const how = random(3);
    if (how === 0) list.splice(one, 1);
    else if (how === 1) list.splice(two, 0, list[one]);
    else if (one !== two) [list[one], list[two]] = [list[two], list[one]];
    if (how === 2 && one === two) continue;
    assert.ok((await verify(broken)).at(-1).fault, JSON.stringify([round, one, two, how]));
  }
});

test("canonical JSON is that of the platform: code points, few escapes, whole numbers", () => {
  assert.equal(canonical({ b: 1, a: ["é", "\u2028\u007f", '"\\\n\u0001'], "𠮷": null, "ﬀ": true }), '{"a":["é","\u2028\u007f","\\"\\\\\\n\\u0001"],"b":1,"ﬀ":true,"𠮷":null}');
  assert.ok(byCodePoint("ﬀ", "𠮷") < 0, "sorted as UTF-16 it would be the other way round");
  for (const value of [1.5, 2 ** 53, Number.NaN, "\ud842"]) assert.throws(() => canonical(value), TypeError);
});

test("amounts and moments are exact", () => {
  assert.deepEqual([fen("9999999999.99"), yuan(5), yuan(4550000)], [999999999999, "0.05", "45500.00"]);
  assert.equal(micros("2026-11-22T18:00:00.123456Z") - micros("2026-11-22T18:00:00.000000Z"), 123456n);
});

test("the least step is rounded up as the rules say", () => {
  assert.equal(leastStep(4850000, "0.005", "50"), 25000);
  assert.equal(leastStep(1, "0.005", "50"), 1);
  assert.equal(leastStep(999999999999, "0.005", "0.01"), 5000000000);
  assert.throws(() => leastStep(1, "5e-3", "50"), TypeError);
});

test("the sides of a path are those of the tree", () => {
  assert.deepEqual([sides(0, 1), sides(2, 3), sides(1, 3), sides(4, 7)].map((steps) => steps.join("")), ["", "L", "LR", "RRL"]);
});

// RFC 8032, section 7.1: secret-derived public key, message, signature.
const RFC = [
  ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
  ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
];

test("signatures are checked the same by the browser and by our own arithmetic", async () => {
  for (const [key, message, signature] of RFC) {
    for (const check of [good, calculated]) {
      assert.equal(await check(unhex(key), unhex(signature), unhex(message)), true);
      assert.equal(await check(unhex(key), unhex(signature), utf8("other")), false);
    }
  }
  const random = seeded(3);
  for (let round = 0; round < 12; round++) {
    const pair = generateKeyPairSync("ed25519");
    const key = new Uint8Array(pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32));
    const message = utf8(`message ${round}`);
    const signature = new Uint8Array(sign(null, message, pair.privateKey));
    assert.equal(await calculated(key, signature, message), true);
    signature[random(64)] ^= 1 << random(8);
    assert.equal(await calculated(key, signature, message), await good(key, signature, message));
    assert.equal(await calculated(key, signature, message), false);
  }
  assert.equal(await calculated(unhex("ff".repeat(32)), unhex(RFC[0][2]), utf8("")), false, "no point of the curve");
  const [key, , signature] = RFC[0];
  const above = unhex(signature);
  above[63] |= 0xf0;
  assert.equal(await calculated(unhex(key), above, utf8("")), false, "S above the order");
  assert.equal(hex(await sha256(utf8("abc"))), createHash("sha256").update("abc").digest("hex"));
});
