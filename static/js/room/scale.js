// Where things lie on the price ladder. Pure geometry: numbers in, numbers out.

const NICE = [1, 2, 2.5, 5, 10];
const MINUTE = 60_000;
const SPANS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080].map((minutes) => minutes * MINUTE);
const SHORT_SPANS = [5_000, 10_000, 15_000, 30_000];

/** Round amounts (fen) between two bounds, at most `count` of them. */
export function priceTicks(low, high, count) {
  const raw = Math.max(high - low, 1) / Math.max(count - 1, 1);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, size * (NICE.find((nice) => nice * size >= raw) ?? 10));
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(Math.round(tick));
  return ticks;
}

/** Round Beijing moments between two bounds, at most `count`. Beijing is UTC+8 all year. */
export function timeTicks(from, to, count) {
  const span = [...SHORT_SPANS, ...SPANS].find((size) => (to - from) / size <= count) ?? (to - from) / count;
  const shift = 8 * 60 * MINUTE;
  const ticks = [];
  for (let tick = Math.ceil((from + shift) / span) * span - shift; tick <= to; tick += span) ticks.push(tick);
  return ticks;
}

/** The price axis: the ceiling on top, air below the best, never below zero, never a flat line. */
export function priceRange(ceiling, ladder, step) {
  const lowest = ladder.reduce((low, bid) => Math.min(low, bid.fen), ceiling);
  const depth = Math.max(ceiling - lowest, step * 4, ceiling / 50);
  return { low: Math.max(0, lowest - Math.max(depth * 0.16, ceiling - depth < lowest ? depth * 0.5 : 0)), high: ceiling + depth * 0.1 };
}

/** Linear map from a domain to pixels. */
export function linear(from, to, first, last) {
  const size = to - from || 1;
  return (value) => first + ((value - from) / size) * (last - first);
}

const px = (value) => Math.round(value * 10) / 10;

/** The staircase of the best price: flat until a bid, then straight down; ends at `until`. */
export function staircase(points, x, y, until) {
  const [first, ...rest] = points;
  const steps = rest.map((point) => `H${px(x(point.at))}V${px(y(point.fen))}`).join("");
  return `M${px(x(first.at))},${px(y(first.fen))}${steps}H${px(x(until))}`;
}

/** Of positions in ascending order those that can carry a label `room` wide, the last one always. */
export function spaced(positions, room) {
  const kept = [];
  for (const position of [...positions].reverse()) if (!kept.length || kept[0] - position >= room) kept.unshift(position);
  return kept;
}

/** The bid on top of the staircase at a moment; null before the first. */
export function bidAt(ladder, moment) {
  let low = 0;
  let high = ladder.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ladder[middle].at <= moment) low = middle + 1;
    else high = middle;
  }
  return low ? ladder[low - 1] : null;
}
