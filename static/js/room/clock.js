// The server's clock, as seen from here. Built on a monotonic local clock, so that a wrong or changed
// computer clock moves nothing; of the last measurements the one with the shortest round trip counts.

const KEPT = 8;

export class ServerClock {
  #samples = [];

  constructor(serverTime, monotonic = () => performance.now()) {
    this.monotonic = monotonic;
    this.fallback = Date.parse(serverTime) - monotonic();
  }

  /** A ping went out at `sent` (monotonic), its pong came now, stamped by the server. */
  sample(sent, serverTime, received = this.monotonic()) {
    const trip = received - sent;
    const offset = Date.parse(serverTime) - (sent + trip / 2);
    this.#samples = [...this.#samples, { trip, offset }].slice(-KEPT);
  }

  /** A one-way stamp (hello): better than the page's age, worse than any ping. */
  stamp(serverTime) {
    this.fallback = Date.parse(serverTime) - this.monotonic();
  }

  now() {
    return this.monotonic() + this.#offset();
  }

  /** Half of the best round trip: how wrong `now` can be, in milliseconds; null before the first ping. */
  get error() {
    return this.#samples.length ? Math.min(...this.#samples.map((sample) => sample.trip)) / 2 : null;
  }

  #offset() {
    if (!this.#samples.length) return this.fallback;
    return this.#samples.reduce((best, sample) => (sample.trip < best.trip ? sample : best)).offset;
  }
}

/** 134_500 -> "02:15"; hours and days when there are any; tenths in the last ten seconds. */
export function remaining(ms, days = "{n}d {rest}") {
  if (ms <= 0) return "00:00";
  if (ms < 10_000) return `00:0${(Math.floor(ms / 100) / 10).toFixed(1)}`;
  const seconds = Math.ceil(ms / 1000);
  const pad = (value) => String(value).padStart(2, "0");
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  if (seconds < 3600) return rest;
  const hours = Math.floor(seconds / 3600);
  if (hours < 24) return `${hours}:${rest}`;
  return days.replace("{n}", Math.floor(hours / 24)).replace("{rest}", `${pad(hours % 24)}:${rest}`);
}

const BEIJING = { timeZone: "Asia/Shanghai", hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
const TIME = new Intl.DateTimeFormat("zh-CN", { ...BEIJING, second: "2-digit" });
const SHORT = new Intl.DateTimeFormat("zh-CN", BEIJING);
const FULL = new Intl.DateTimeFormat("sv-SE", {
  ...BEIJING, second: "2-digit", year: "numeric", month: "2-digit", day: "2-digit",
});

/** Beijing wall time, whatever the computer's zone: "18:03:22". */
export const clockTime = (ms) => TIME.format(ms);
export const shortTime = (ms) => SHORT.format(ms);
export const fullTime = (ms) => FULL.format(ms);
