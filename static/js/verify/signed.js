// Signed heads: what the platform signs for a batch, and by which keys one believes it.

import { Broken, hex, sha256, unhex, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { good } from "./ed25519.js";

/** A key's id: the first 16 hex digits of SHA-256 over its raw bytes. */
export async function idOf(key) {
  return hex(await sha256(unhex(key))).slice(0, 16);
}

/** Throws when a key is another than its id says. @param keys {id: hex} */
export async function checkKeys(keys) {
  for (const [id, key] of Object.entries(keys)) if ((await idOf(key)) !== id) throw new Broken("key_id", { key: id });
}

/** @param head {first, last, root, key_id, signature} */
export async function checkSignature(keys, competition, head) {
  const { first, last, root, key_id: key, signature } = head;
  if (!Object.hasOwn(keys, key)) throw new Broken("unknown_key", { first, last, key });
  const message = utf8(canonical({ v: 1, competition, first, last, root }));
  if (!(await good(unhex(keys[key]), unhex(signature), message))) throw new Broken("signature", { first, last });
}
