// Amounts as whole fen (a safe integer: at most 999,999,999,999). Parsing is as strict as the server's Money.parse
// and refuses with the same codes, so that nobody learns only from the server that a bid was never an amount.

const PLAIN = /^[0-9]{1,10}(?:\.[0-9]{1,2})?$/;
const GROUPED = /^[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,2})?$/;
const LARGEST = 999_999_999_999;

/** What a person typed. Returns {fen} or {code}: amount.format, .decimals, .too_large or .zero. */
export function parse(text) {
  const typed = text.replace(/^ +| +$/g, "");
  if (!PLAIN.test(typed) && !GROUPED.test(typed)) return { code: whyNot(typed) };
  const fen = fenOf(typed.replaceAll(",", ""));
  if (fen === 0) return { code: "amount.zero" };
  return fen > LARGEST ? { code: "amount.too_large" } : { fen };
}

function whyNot(text) {
  if (text.length > 20) return "amount.too_large";
  if (/^[0-9,]{1,13}\.[0-9]{3,}$/.test(text)) return "amount.decimals";
  return /^[0-9]{11,}(\.[0-9]*)?$/.test(text) ? "amount.too_large" : "amount.format";
}

/** "48500.5" from the server -> 4850050. Decimal digits only, never through a float. */
export function fenOf(text) {
  const [yuan, fraction = ""] = text.split(".");
  return Number(yuan) * 100 + Number(fraction.padEnd(2, "0"));
}

/** 4850050 -> "48500.50", as the protocol writes it. */
export function wire(fen) {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

/** 4850050 -> "48,500.50", as people read it. */
export function show(fen) {
  const [yuan, fraction] = wire(fen).split(".");
  return `${yuan.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
}

/** 4850000 -> "48,500" on an axis, where fen would be noise. */
export function brief(fen) {
  return fen % 100 ? show(fen) : show(fen).slice(0, -3);
}
