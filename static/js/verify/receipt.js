// A bidder's receipt: whole and signed in itself, and kept by the record.

import { Broken, digest } from "./bytes.js";
import { canonical } from "./canonical.js";
import { commitment, cover } from "./floors.js";
import { FLOOR_RECEIPT, RECEIPT, fault } from "./forms.js";
import { climb, sides } from "./merkle.js";
import { finding, json } from "./record.js";
import { checkKeys, checkSignature } from "./signed.js";

/**
 * Check a receipt against the keys, and against the record when there is one. Returns findings like `verify`.
 * @param trusted {key id: hex}; null believes the keys of the record
 */
export async function verifyReceipt(receipt, { record = null, trusted = null } = {}) {
  const keys = trusted ?? record?.keys ?? {};
  const steps = { receipt: () => form(receipt), path: () => path(receipt), signature: () => signature(receipt, keys) };
  if (record) steps.kept = () => kept(receipt, record);
  const findings = [];
  for (const [code, check] of Object.entries(steps)) {
    findings.push(await finding(code, check));
    if (findings.at(-1).fault) break;
  }
  return findings;
}

async function form(receipt) {
  const { opening } = receipt;
  const where = fault(opening ? FLOOR_RECEIPT : RECEIPT, receipt);
  if (where !== null) throw new Broken("receipt_form", { field: where });
  const fields = json(receipt.body);
  const whole = fields !== undefined && canonical(fields) === receipt.body && (await digest(receipt.body)) === receipt.hash;
  if (!whole) throw new Broken("receipt_hash");
  const stated = ["competition", "seq", "at", ...(opening ? [] : ["amount", "ref"])];
  const other = stated.find((name) => fields[name] !== receipt[name]);
  if (other) throw new Broken("receipt_field", { field: other });
  if (!opening) return { code: "receipt", seq: receipt.seq, amount: receipt.amount };
  const sealed = await commitment(opening.by, await cover(opening.amount, opening.salt));
  if (sealed !== fields.commitment) throw new Broken("receipt_opening");
  return { code: "receipt.floor", seq: receipt.seq };
}

async function path({ first, last, seq, path: steps, hash, root }) {
  const fits = first <= seq && seq <= last && steps.map((step) => step[0]).join() === sides(seq - first, last - first + 1).join();
  if (!fits) throw new Broken("path_shape", { seq, first, last });
  if ((await climb(hash, steps)) !== root) throw new Broken("path_root");
  return { code: "path", n: steps.length };
}

async function signature(receipt, keys) {
  const known = Object.hasOwn(keys, receipt.key_id) ? { [receipt.key_id]: keys[receipt.key_id] } : {};
  await checkKeys(known);
  await checkSignature(known, receipt.competition, receipt);
  return { code: "signature", key: receipt.key_id };
}

async function kept(receipt, record) {
  const { seq, first, last, root } = receipt;
  if (record.competition !== receipt.competition) throw new Broken("kept_other", { is: record.competition });
  if (seq > record.records.length || (await digest(record.records[seq - 1])) !== receipt.hash) throw new Broken("kept_changed", { seq });
  const held = record.heads.some((head) => head.first_seq === first && head.last_seq === last && head.root === root);
  if (!held) throw new Broken("kept_head", { seq });
  return { code: "kept", seq };
}
