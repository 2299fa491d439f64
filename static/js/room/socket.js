// The connection: opens, notices silence, opens again with growing pauses, and says at every moment how it is.
// What a frame means is for others; this file knows hello, pong and bye because they are about the connection.

const SILENCE = 9_000;
const PING_EVERY = 4_000;
const FIRST_PINGS = [50, 400, 900];
/** Close codes after which trying again would not help; the reader is told why and what to do. */
export const FINAL = { 4400: "bad_frames", 4401: "session_ended", 4403: "not_allowed", 4409: "old_protocol" };
const PAUSES = { 4408: 2_000, 4429: 5_000 };

/** Pause before attempt n (0, 1, …) in milliseconds: doubling to 10 s, with jitter so that a crowd spreads out. */
export function pause(attempt, random = Math.random()) {
  return Math.min(10_000, 400 * 2 ** attempt) * (0.5 + random / 2);
}

export class RoomSocket {
  /** @param hooks {url() -> address, frame(data), status(name, code)}; @param make opens a WebSocket */
  constructor(hooks, make = (url) => new WebSocket(url)) {
    this.hooks = hooks;
    this.make = make;
    this.attempt = 0;
    this.status = "connecting";
    this.since = performance.now();
    this.lastFrame = performance.now();
    this.timers = new Set();
  }

  open() {
    this.#clear();
    this.#enter(this.#trying());
    const socket = (this.socket = this.make(this.hooks.url()));
    this.lastFrame = performance.now();
    socket.onmessage = (message) => this.#take(socket, message.data);
    socket.onclose = (event) => socket === this.socket && this.#closed(event.code);
    this.#every(1_000, () => this.#watch());
  }

  /** True when the frame was handed to an open connection (which still may die with it). */
  send(frame) {
    if (this.status !== "connected" || this.socket.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The network is back or the tab is looked at again: don't sit out the pause. */
  wake() {
    if (this.status === "offline" || this.status === "reconnecting") this.open();
    else if (this.status === "connected") this.ping();
  }

  /** Start over without what we know: the picture and the log disagree. */
  restart() {
    this.#drop();
    this.open();
  }

  /** The network went away, or something that must be answered wasn't: don't wait for the silence to be long. */
  lost() {
    if (this.status !== "connected") return;
    this.#drop();
    this.#closed(1006);
  }

  /** For good, as if the server had said so with this close code. */
  end(code) {
    this.#drop();
    this.#closed(code);
  }

  ping() {
    this.send({ type: "ping", t: Math.round(performance.now() * 1000) / 1000 });
  }

  get age() {
    return performance.now() - this.lastFrame;
  }

  #take(socket, text) {
    if (socket !== this.socket) return;
    this.lastFrame = performance.now();
    const frame = JSON.parse(text);
    if (frame.type === "hello") this.#greeted();
    if (frame.type === "bye") this.farewell = frame;
    this.hooks.frame(frame);
  }

  #greeted() {
    this.attempt = 0;
    this.#enter("connected");
    for (const delay of FIRST_PINGS) this.#later(delay, () => this.ping());
    this.#every(PING_EVERY, () => this.ping());
  }

  #watch() {
    if (this.age <= SILENCE || this.status === "ended") return;
    this.#drop();
    this.#closed(1006);
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  #closed(code) {
    this.#clear();
    if (code in FINAL) return this.#enter("ended", code);
    this.#later((PAUSES[code] ?? 0) + pause(this.attempt++), () => this.open());
    this.#enter(this.#trying(), code);
  }

  /** What not being connected is called: the first attempt, a passing matter, or plainly gone. */
  #trying() {
    if (!this.attempt) return "connecting";
    return this.attempt > 4 ? "offline" : "reconnecting";
  }

  #enter(status, code = null) {
    if ((status === "connected") !== (this.status === "connected")) this.since = performance.now();
    this.status = status;
    this.hooks.status(status, code);
  }

  #later(delay, action) {
    this.timers.add(setTimeout(action, delay));
  }

  #every(delay, action) {
    this.timers.add(setInterval(action, delay));
  }

  #clear() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
