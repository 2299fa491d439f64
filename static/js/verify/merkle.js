// The Merkle tree of RFC 6962 over the hashes of a batch, and the way from one of them to the root.

import { hex, joined, sha256, unhex } from "./bytes.js";

const leaf = (hash) => sha256(joined(Uint8Array.of(0), unhex(hash)));
const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

/** Root (hex) over record hashes (hex); an odd node moves up unchanged. */
export async function root(hashes) {
  let row = await Promise.all(hashes.map(leaf));
  while (row.length > 1) {
    const pairs = Array.from({ length: row.length >> 1 }, (_, i) => node(row[2 * i], row[2 * i + 1]));
    row = [...(await Promise.all(pairs)), ...row.slice(pairs.length * 2)];
  }
  return hex(row[0]);
}

/** On which side the siblings lie on the way from leaf `index` of `size` to the root. */
export function sides(index, size) {
  const steps = [];
  for (let [at, width] = [index, size]; width > 1; [at, width] = [at >> 1, (width + 1) >> 1]) {
    if ((at ^ 1) < width) steps.push(at % 2 ? "L" : "R");
  }
  return steps;
}

/** The root a record hash and its path ("L:hex", "R:hex") lead to. */
export async function climb(hash, path) {
  let at = await leaf(hash);
  for (const step of path) {
    const sibling = unhex(step.slice(2));
    at = step[0] === "L" ? await node(sibling, at) : await node(at, sibling);
  }
  return hex(at);
}
