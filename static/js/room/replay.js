// The closed room once more: the log played against the same picture, with a scrubber and at speed.

import { clockTime } from "./clock.js";
import { say } from "./dom.js";
import { fold, moment } from "./state.js";

const FRAMES_PER_EVENT = 3;
const KEPT_EVERY = 64;
const AFTERMATH = 60_000; // what follows the close within this belongs to the replay; a second award days later does not

/** The picture before anything happened. Who is who is public by now, so names stay. */
export function blank(state, endsAt = state.endsAt) {
  return { ...state, seq: 0, state: "scheduled", ladder: [], ladderFrom: 0, lowest: [], history: [], best: null, nextMax: state.ceiling,
    bidders: 0, result: null, draw: null, endsAt };
}

/** The log with its pictures: any moment is reached by folding on from the nearest picture kept. */
export class Film {
  constructor(state, events, endsAt) {
    this.events = [];
    // The order is the log's: a bid counts by its arrival, which may lie before that of the bid committed before it.
    for (const event of events) {
      const at = moment(event.at);
      this.events.push({ ...event, at, shownAt: Math.max(at, this.events.at(-1)?.shownAt ?? at) });
    }
    this.kept = [blank(state, endsAt)];
    // Before a draw all there is to see is who takes part.
    const begins = this.#first(this.#first("draw") === undefined ? "bid" : "entered");
    this.from = Math.min(state.startsAt, begins ?? state.startsAt);
    const closed = this.#first("closed") ?? Infinity;
    const last = this.events.findLast((event) => event.shownAt <= closed + AFTERMATH);
    this.to = Math.max(last?.shownAt ?? state.endsAt, this.from + 1000);
  }

  #first(kind) {
    return this.events.find((event) => event.kind === kind)?.shownAt;
  }

  /** How many events have happened at a moment. */
  count(at) {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].shownAt <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The picture as it was at a moment; it knows nothing later. */
  at(at) {
    const count = this.count(at);
    while (this.kept.length <= count / KEPT_EVERY) this.kept.push(this.#folded(this.kept.length * KEPT_EVERY));
    return { ...this.#folded(count), history: this.events.slice(0, count) };
  }

  #folded(count) {
    const { seen } = this;
    const kept = Math.min(Math.floor(count / KEPT_EVERY), this.kept.length - 1);
    const near = seen && seen.count <= count && seen.count >= kept * KEPT_EVERY;
    const start = near ? seen.count : kept * KEPT_EVERY;
    const picture = this.events.slice(start, count).reduce(fold, near ? seen.picture : this.kept[kept]);
    this.seen = { count, picture };
    return picture;
  }

  /** The moment of the event after (or before) a moment; null when there is none. */
  after(at) {
    return this.events.find((event) => event.shownAt > at)?.shownAt ?? null;
  }

  before(at) {
    return this.events.findLast((event) => event.shownAt < at)?.shownAt ?? null;
  }
}

export class Replay {
  #film = null;

  /**
   * @param parts {play, scrub, time, speeds}; the scrub runs from 0 to its max whatever the length of the log
   * @param load() promises {state, events, endsAt}, or null; asked once, when somebody wants to see
   * @param show(picture, at) draws one picture; show(null) draws the present again
   */
  constructor(parts, { t, load, show }) {
    Object.assign(this, { ...parts, t, load, show });
    this.size = Number(this.scrub.max);
    this.play.addEventListener("click", () => (this.running ? this.pause() : this.start()));
    this.scrub.addEventListener("input", () => this.#seek((film) => film.from + (Number(this.scrub.value) / this.size) * (film.to - film.from)));
    this.scrub.addEventListener("keydown", (event) => this.#key(event));
    this.#label();
  }

  get speed() {
    return this.speeds.querySelector("input:checked")?.value ?? "8";
  }

  async #ready() {
    if (this.#film) return this.#film;
    this.loading ??= this.load().finally(() => {
      this.loading = null;
    });
    const log = await this.loading;
    if (!log || this.#film) return this.#film;
    this.#film = new Film(log.state, log.events, log.endsAt);
    this.at = this.#film.to;
    return this.#film;
  }

  async start() {
    const film = await this.#ready();
    if (!film || this.running) return;
    if (this.at >= film.to) this.at = film.from;
    this.running = true;
    this.last = performance.now();
    this.frames = 0;
    this.#label();
    requestAnimationFrame((now) => this.#frame(film, now));
  }

  pause() {
    this.running = false;
    this.#label();
  }

  #frame(film, now) {
    if (!this.running) return;
    this.at = Math.min(film.to, this.speed === "max" ? this.#nextEvent(film) : this.at + (now - this.last) * Number(this.speed));
    this.last = now;
    this.#draw(film);
    if (this.at >= film.to) return this.pause();
    requestAnimationFrame((later) => this.#frame(film, later));
  }

  /** At full speed no time passes between events: the next one every few frames. */
  #nextEvent(film) {
    if (this.frames++ % FRAMES_PER_EVENT) return this.at;
    return film.after(this.at) ?? film.to;
  }

  /** Keys go from event to event; a tenth of the whole with PageUp and PageDown. */
  #key(event) {
    const tenth = (film) => (film.to - film.from) / 10;
    const next = (film) => film.after(this.at) ?? film.to;
    const back = (film) => film.before(this.at) ?? film.from;
    const moves = {
      ArrowRight: next, ArrowUp: next, ArrowLeft: back, ArrowDown: back, Home: (film) => film.from, End: (film) => film.to,
      PageUp: (film) => this.at + tenth(film), PageDown: (film) => this.at - tenth(film),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    this.#seek(moves[event.key]);
  }

  async #seek(where) {
    const film = await this.#ready();
    if (!film) return;
    this.pause();
    this.at = Math.min(film.to, Math.max(film.from, where(film)));
    this.#draw(film);
  }

  #draw(film) {
    this.scrub.value = String(Math.round(((this.at - film.from) / (film.to - film.from)) * this.size));
    this.scrub.setAttribute("aria-valuetext", clockTime(this.at));
    say(this.time, clockTime(this.at));
    if (this.at >= film.to) this.show(null);
    else this.show(film.at(this.at), this.at);
  }

  #label() {
    say(this.play, this.t(this.running ? "replay.pause" : "replay.play"));
  }
}
