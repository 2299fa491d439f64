// The closed room once more: the log played against the same picture, with a scrubber and at speed.

import { clockTime } from "./clock.js";
import { say } from "./dom.js";
import { fold, moment } from "./state.js";

const FRAMES_PER_EVENT = 3;

/** The picture before anything happened. */
export function blank(state) {
  return { ...state, seq: 0, state: "scheduled", ladder: [], ladderFrom: 0, lowest: [], history: [], best: null, nextMax: state.ceiling,
    bidders: 0, result: null, draw: null, endsAt: state.firstEndsAt ?? state.endsAt };
}

/** The picture as it was at a moment: every event up to and including it. */
export function pictureAt(state, events, at) {
  const past = events.filter((event) => event.at <= at);
  return { ...past.reduce(fold, blank(state)), history: past };
}

export class Replay {
  /** @param parts {play, scrub, time, speeds}; @param show(picture, at) draws one picture */
  constructor(parts, { t, state, events, show }) {
    Object.assign(this, { ...parts, t, state, show });
    this.events = events.map((event) => ({ ...event, at: moment(event.at) }));
    this.from = Math.min(state.startsAt, this.events.find((event) => event.kind === "bid")?.at ?? state.startsAt);
    this.to = Math.max(this.events.at(-1)?.at ?? state.endsAt, this.from + 1000);
    this.at = this.to;
    this.scrub.max = String(this.to - this.from);
    this.scrub.value = this.scrub.max;
    this.play.addEventListener("click", () => (this.running ? this.pause() : this.start()));
    this.scrub.addEventListener("input", () => this.#scrubbed());
    this.#label();
  }

  get speed() {
    return this.speeds.querySelector("input:checked")?.value ?? "8";
  }

  start() {
    if (this.at >= this.to) this.at = this.from;
    this.running = true;
    this.last = performance.now();
    this.frames = 0;
    this.#label();
    requestAnimationFrame((now) => this.#frame(now));
  }

  pause() {
    this.running = false;
    this.#label();
  }

  #frame(now) {
    if (!this.running) return;
    this.at = Math.min(this.to, this.speed === "max" ? this.#nextEvent() : this.at + (now - this.last) * Number(this.speed));
    this.last = now;
    this.#draw();
    if (this.at >= this.to) return this.pause();
    requestAnimationFrame((later) => this.#frame(later));
  }

  /** At full speed no time passes between events: the next one every few frames. */
  #nextEvent() {
    if (this.frames++ % FRAMES_PER_EVENT) return this.at;
    return this.events.find((event) => event.at > this.at)?.at ?? this.to;
  }

  #scrubbed() {
    this.pause();
    this.at = this.from + Number(this.scrub.value);
    this.#draw();
  }

  #draw() {
    this.scrub.value = String(this.at - this.from);
    this.scrub.setAttribute("aria-valuetext", clockTime(this.at));
    say(this.time, clockTime(this.at));
    this.show(pictureAt(this.state, this.events, this.at), this.at);
  }

  #label() {
    say(this.play, this.t(this.running ? "replay.pause" : "replay.play"));
    say(this.time, clockTime(this.at));
  }
}
