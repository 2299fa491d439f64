// My next bid: one field, three quick steps, one button that says exactly what pressing it does.

import { make, say, show as reveal } from "./dom.js";
import { brief, parse, show, wire } from "./money.js";
import { drop, objection, quickSteps } from "./state.js";

/** Why a bid should be asked about once before it goes out: "deep" (far below the best), "moved", or null. */
export function doubt(state, fen, { percent, changedAgo }) {
  if (drop(state, fen).share * 100 > percent) return "deep";
  return changedAgo < 350 ? "moved" : null;
}

export class BidPanel {
  /** @param hooks {submit(fen), now()}; parts: form, field, button, steps, note, confirm, pending */
  constructor(parts, { t, hooks, guardPercent }) {
    Object.assign(this, { ...parts, t, hooks, guardPercent });
    this.pending = [];
    this.changedAt = -Infinity;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.confirm.addEventListener("click", (event) => this.#answer(event));
  }

  render(state, phase) {
    const changed = this.state && this.state.nextMax !== state.nextMax;
    if (changed) this.changedAt = performance.now();
    this.state = state;
    this.phase = phase;
    this.#steps();
    this.#label();
    if (changed || !this.refusal) this.#check();
  }

  /** Bids on their way: shown, and the same amount can't be sent twice meanwhile. */
  setPending(bids, status) {
    this.pending = bids;
    const last = bids.at(-1);
    reveal(this.pendingNote, Boolean(last));
    const key = { connected: "bid.sending", ended: "bid.unsettled" }[status] ?? "bid.waiting";
    if (last) say(this.pendingNote, this.t(key, { amount: show(parse(last.amount).fen) }));
    this.#label();
  }

  accepted(fen) {
    this.refusal = null;
    if (this.#amount().fen === fen) this.field.value = "";
    this.#note("bid.accepted", { amount: show(fen) }, "good");
    this.#label();
  }

  /** The server's own words, next to what was typed. */
  refused(texts) {
    this.refusal = texts;
    this.#write([texts.sentence, texts.way_out].join(" "), "bad");
    this.field.setAttribute("aria-invalid", "true");
    this.field.focus();
  }

  #amount() {
    const typed = this.field.value.trim();
    return typed ? parse(this.field.value) : { fen: this.state?.nextMax ?? 0, proposed: true };
  }

  #typed() {
    this.refusal = null;
    this.#unask();
    this.#check();
    this.#label();
  }

  #label() {
    if (!this.state) return;
    const open = this.phase === "open";
    const { fen, code } = this.#amount();
    const sendable = open && !code && fen > 0 && this.state.nextMax > 0;
    say(this.button, this.#words(open, fen, code));
    this.button.toggleAttribute("disabled", !sendable || this.#isPending(fen));
    this.field.toggleAttribute("readonly", this.phase === "closing");
    this.field.placeholder = this.state.nextMax > 0 ? show(this.state.nextMax) : "";
    for (const chip of this.steps.children) chip.setAttribute("aria-pressed", String(chip.dataset.fen === String(fen) && this.field.value !== ""));
  }

  #words(open, fen, code) {
    if (!open) return this.t(`bid.phase_${this.phase}`);
    if (code || !fen) return this.t("bid.button_plain");
    const fall = drop(this.state, fen).fen;
    const key = fall > 0 ? "bid.button" : "bid.button_at";
    return this.t(key, { amount: show(fen), drop: show(Math.abs(fall)) });
  }

  #isPending(fen) {
    return this.pending.some((bid) => bid.amount === wire(fen));
  }

  #steps() {
    const amounts = quickSteps(this.state);
    if (this.shownSteps === amounts.join()) return;
    this.shownSteps = amounts.join();
    this.steps.replaceChildren(...amounts.map((fen) => this.#chip(fen)));
  }

  #chip(fen) {
    const fall = show(drop(this.state, fen).fen);
    const chip = make("button", { type: "button", class: "btn room-step", "data-fen": fen, "aria-pressed": "false" },
      make("span", { class: "room-step-amount" }, brief(fen)), make("span", { class: "room-step-drop" }, this.t("bid.drop", { drop: fall })));
    chip.addEventListener("click", () => this.#choose(fen));
    return chip;
  }

  #choose(fen) {
    this.field.value = show(fen);
    this.#typed();
    this.field.focus({ preventScroll: true });
  }

  #key(event) {
    const size = { ArrowDown: -1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[event.key];
    if (event.key === "Escape") {
      this.field.value = "";
      this.#typed();
    }
    if (!size || !this.state?.nextMax) return;
    event.preventDefault();
    const { fen, code, proposed } = this.#amount();
    const from = code ? this.state.nextMax - size * this.state.step : fen;
    const next = proposed && size === -1 ? this.state.nextMax : from + size * this.state.step;
    this.#choose(Math.min(Math.max(next, 1), this.state.nextMax));
  }

  /** What can be known here without asking the server; the way out is one press. */
  #check() {
    const typed = this.field.value.trim();
    const { fen, code } = this.#amount();
    const tooHigh = typed && !code && objection(this.state, fen);
    this.field.toggleAttribute("aria-invalid", false);
    if (typed && code) return this.#complain(this.t(`${code}.sentence`), this.t(`${code}.way_out`));
    if (tooHigh && this.state.nextMax > 0) return this.#tooHigh(fen);
    if (this.noteKind !== "good" || typed) this.#write("", "");
  }

  #complain(sentence, wayOut) {
    this.field.setAttribute("aria-invalid", "true");
    this.#write(`${sentence} ${wayOut}`, "bad");
  }

  #tooHigh(fen) {
    const limit = show(this.state.nextMax);
    this.#complain(this.t("bid.too_high", { amount: show(fen), limit }), "");
    const fix = make("button", { type: "button", class: "btn btn-link btn-sm p-0 align-baseline" }, this.t("bid.use", { amount: limit }));
    fix.addEventListener("click", () => this.#choose(this.state.nextMax));
    this.note.append(" ", fix);
  }

  #submit(event) {
    event.preventDefault();
    const { fen, code } = this.#amount();
    if (code || !fen || this.phase !== "open" || this.#isPending(fen)) return;
    if (objection(this.state, fen)) return this.#tooHigh(fen);
    const changedAgo = this.field.value.trim() ? Infinity : performance.now() - this.changedAt;
    const why = doubt(this.state, fen, { percent: this.guardPercent, changedAgo });
    if (why) return this.#ask(why, fen);
    this.#send(fen);
  }

  #ask(why, fen) {
    const { fen: fall, share } = drop(this.state, fen);
    this.asked = fen;
    say(this.confirmText, this.t(`bid.doubt_${why}`, { amount: show(fen), drop: show(fall), percent: (share * 100).toFixed(1) }));
    reveal(this.confirm, true);
    reveal(this.button, false);
    this.confirm.querySelector("[data-answer=no]").focus();
  }

  #answer(event) {
    const answer = event.target.closest("[data-answer]")?.dataset.answer;
    if (!answer) return;
    const fen = this.asked;
    this.#unask();
    if (answer === "yes") this.#send(fen);
    this.field.focus();
  }

  #unask() {
    this.asked = null;
    reveal(this.confirm, false);
    reveal(this.button, true);
  }

  #send(fen) {
    this.refusal = null;
    this.#write("", "");
    this.hooks.submit(fen);
  }

  #note(key, params, kind) {
    this.#write(this.t(key, params), kind);
  }

  #write(text, kind) {
    this.noteKind = kind;
    this.note.dataset.kind = kind;
    say(this.note, text);
  }
}
