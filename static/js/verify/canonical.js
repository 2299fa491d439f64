// The one way a JSON value is written: names sorted by code point, no spaces, no escapes beyond what JSON demands,
// whole numbers only.

/** By code point, not by the halves in which JavaScript keeps characters. */
export function byCodePoint(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const gap = left[i].codePointAt(0) - right[i].codePointAt(0);
    if (gap) return gap;
  }
  return left.length - right.length;
}

/** Throws TypeError for what no record holds: fractions, numbers too large to be exact, halves of characters. */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return whole(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(typeof value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${quoted(name)}:${canonical(value[name])}`).join(",")}}`;
}

function quoted(text) {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("half a character");
  return JSON.stringify(text);
}

function whole(number) {
  if (!Number.isSafeInteger(number)) throw new TypeError(`${number} is not a whole number`);
  return String(number);
}
