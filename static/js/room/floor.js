// My sealed floor: what is in force, what it does now, and the form that changes it.

import { say, show as reveal } from "./dom.js";
import { parse, show, wire } from "./money.js";

/** What a floor does at this moment: none, waiting (for the start), leading, bidding or passed. */
export function role(own, state, phase, mine) {
  if (!own) return "none";
  if (phase === "scheduled") return "waiting";
  if (state.best?.by === mine) return "leading";
  return state.nextMax != null && state.nextMax > 0 && own.fen <= state.nextMax ? "bidding" : "passed";
}

export class FloorPanel {
  /** @param parts {box, form, field, button, state, note, own, receipt, back}; hooks {submit(fen or null), address(seq)} */
  constructor(parts, { t, mine, hooks }) {
    Object.assign(this, { ...parts, t, mine, hooks });
    this.pending = [];
    this.floor = null;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => this.#typed());
  }

  /** {amount, seq} as the server knows it, or null. */
  set(floor) {
    const parsed = floor && parse(floor.amount);
    this.floor = parsed ? { fen: parsed.fen, seq: floor.seq } : null;
    reveal(this.own, Boolean(this.floor));
    if (this.floor) this.receipt.href = this.hooks.address(this.floor.seq);
    say(this.form.querySelector("label").firstChild, this.t(this.floor ? "floor.label_new" : "floor.label"));
    this.#draw();
  }

  render(state, phase) {
    Object.assign(this, { picture: state, phase });
    this.#draw();
  }

  setPending(asked, status) {
    this.pending = asked;
    const last = asked.at(-1);
    if (last) this.#write(this.t(status === "connected" ? "floor.sending" : "floor.held_up"), "");
    this.#draw();
  }

  /** A deposit or its taking back was recorded. */
  accepted({ seq, opening }) {
    const held = parse(opening.amount).fen ?? null;
    if (held !== null && parse(this.field.value).fen === held) this.field.value = "";
    this.set(held === null ? null : { amount: opening.amount, seq });
    this.#write(held === null ? this.t("floor.taken_back") : this.t("floor.sealed", { amount: show(held), seq }), "good");
  }

  refused(texts) {
    this.#write([texts.sentence, texts.way_out].join(" "), "bad");
    this.field.setAttribute("aria-invalid", "true");
    this.box.open = true;
  }

  #draw() {
    if (!this.picture) return;
    const doing = role(this.floor, this.picture, this.phase, this.mine);
    this.box.dataset.doing = doing;
    say(this.state, this.t(`floor.${doing}`, { amount: this.floor ? show(this.floor.fen) : "" }));
    const open = this.phase === "scheduled" || this.phase === "open";
    this.button.toggleAttribute("disabled", !open || this.pending.length > 0);
    this.back.toggleAttribute("disabled", !open || this.pending.length > 0);
    this.field.toggleAttribute("readonly", !open);
  }

  #typed() {
    this.field.toggleAttribute("aria-invalid", false);
    const typed = this.field.value.trim();
    const { fen, code } = parse(this.field.value);
    const limit = this.picture.nextMax ?? 0;
    if (!typed) return this.#write("", "");
    if (code) return this.#complain(`${this.t(`${code}.sentence`)} ${this.t(`${code}.way_out`)}`);
    if (fen > limit) return this.#complain(this.t("floor.too_high", { limit: show(limit) }));
    const from = this.picture.best?.fen ?? this.picture.ceiling;
    const fall = from - fen;
    this.#write(this.t("floor.means", { amount: show(fen), drop: show(fall), percent: ((fall / from) * 100).toFixed(1) }), "");
  }

  #complain(text) {
    this.field.setAttribute("aria-invalid", "true");
    this.#write(text, "bad");
  }

  #submit(event) {
    event.preventDefault();
    if (this.pending.length) return;
    if (event.submitter === this.back) return this.hooks.submit(null);
    const { fen, code } = parse(this.field.value);
    if (code || fen > (this.picture.nextMax ?? 0)) return this.field.value.trim() ? this.#typed() : this.field.focus();
    this.hooks.submit(fen);
  }

  #write(text, kind) {
    this.note.dataset.kind = kind;
    say(this.note, text);
  }
}

/** What goes over the wire: an amount, or null to take back. */
export const asked = (fen) => (fen === null ? null : wire(fen));
