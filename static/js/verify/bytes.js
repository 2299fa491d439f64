// Bytes, texts and hashes. SHA-256 and SHA-512 are the browser's own (WebCrypto).

/** A fault: what is wrong (`code`, a word of the page) and where (`params`). */
export class Broken extends Error {
  constructor(code, params = {}) {
    super(code);
    Object.assign(this, { code, params });
  }
}

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function sha512(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", bytes));
}

/** SHA-256 over the UTF-8 text, hex. */
export async function digest(text) {
  return hex(await sha256(utf8(text)));
}

/** A number from bytes, the most significant first. */
export const big = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);
