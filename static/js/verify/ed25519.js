// Ed25519 (RFC 8032). WebCrypto does it where the browser knows the algorithm (Chromium 137, Firefox 129, Safari 17 and
// later); elsewhere the same equation is calculated here, some milliseconds per signature.

import { hex, joined, sha512 } from "./bytes.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n); // a square root of -1
const BASE = unpacked(Uint8Array.from([0x58, ...Array(31).fill(0x66)]));
const ZERO = { x: 0n, y: 1n, z: 1n, t: 0n };

let known = null;

/** Does this browser know Ed25519? */
export function native() {
  const probe = { name: "Ed25519" };
  known ??= crypto.subtle.importKey("raw", packed(BASE), probe, false, ["verify"]).then(() => true, () => false);
  return known;
}

/** Is it this key's signature over the message? All bytes; the public key raw. */
export async function good(key, signature, message) {
  if (!(await native())) return calculated(key, signature, message);
  try {
    const read = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, read, signature, message);
  } catch {
    return false;
  }
}

/** S·B = R + h·A, as S·B − h·A = R, compared as bytes. */
export async function calculated(key, signature, message) {
  const a = key.length === 32 ? unpacked(key) : null;
  const s = little(signature.slice(32));
  if (!a || signature.length !== 64 || s >= L) return false;
  const h = little(await sha512(joined(signature.slice(0, 32), key, message))) % L;
  const sum = added(times(BASE, s), times({ ...a, x: mod(-a.x), t: mod(-a.t) }, h));
  return hex(packed(sum)) === hex(signature.slice(0, 32));
}

function mod(n) {
  const rest = n % P;
  return rest < 0n ? rest + P : rest;
}

function little(bytes) {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse()) || "0"}`);
}

function power(base, exponent) {
  let [result, square] = [1n, base % P];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** The point of 32 bytes, or null when there is none. */
function unpacked(bytes) {
  const number = little(bytes);
  const y = number & (2n ** 255n - 1n);
  const odd = number >> 255n;
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT);
  if (mod(x * x) !== square || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return { x, y, z: 1n, t: mod(x * y) };
}

function packed({ x, y, z }) {
  const inverse = power(z, P - 2n);
  const number = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  return Uint8Array.from(number.toString(16).padStart(64, "0").match(/../g).reverse(), (pair) => Number.parseInt(pair, 16));
}

/** Extended twisted Edwards coordinates: one formula for sums and doubles. */
function added(p, q) {
  const [a, b] = [mod((p.y - p.x) * (q.y - q.x)), mod((p.y + p.x) * (q.y + q.x))];
  const [c, d] = [mod(2n * D * p.t * q.t), mod(2n * p.z * q.z)];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

function times(point, scalar) {
  let [sum, double] = [ZERO, point];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = added(sum, double);
    double = added(double, double);
  }
  return sum;
}
