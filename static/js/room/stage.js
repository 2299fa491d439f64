// The three things everybody looks at: the best price, the time left, my rank. And what phase the room is in.

import { clockTime, fullTime, remaining } from "./clock.js";
import { say, show as reveal } from "./dom.js";
import { show } from "./money.js";
import { bidCount, extensions, nameOf, place } from "./state.js";

const URGENT = 60_000;

export class Stage {
  constructor(root, find, { t, mine }) {
    Object.assign(this, { root, find, t, mine });
  }

  render(state, phase) {
    this.root.dataset.phase = phase;
    this.#price(state);
    this.#rank(state);
    this.#soft(state, phase);
    say(this.find("bidders"), this.t("room.bidders", { n: state.bidders }));
    say(this.find("bids"), this.t("room.bids", { n: bidCount(state) }));
  }

  tick(state, phase, now) {
    const target = phase === "scheduled" ? state.startsAt : state.endsAt;
    const left = target - now;
    const over = phase === "closed" || phase === "failed";
    const urgent = phase === "open" && left <= URGENT;
    this.root.dataset.phase = phase;
    this.root.toggleAttribute("data-urgent", urgent);
    say(this.find("time-label"), this.t(`clock.${phase}`));
    say(this.find("time"), over ? clockTime(state.endsAt) : remaining(left, this.t("clock.days")));
    say(this.find("time-note"), over ? fullTime(state.endsAt).slice(0, 10) : this.#until(state, phase));
  }

  #until(state, phase) {
    if (phase === "scheduled") return this.t("clock.at_start", { at: fullTime(state.startsAt).slice(5, 16) });
    return phase === "closing" ? this.t("clock.counting") : this.t("clock.at_end", { at: clockTime(state.endsAt) });
  }

  #price(state) {
    const amount = state.best ? state.best.fen : state.ceiling;
    const face = this.find("price");
    const changed = face && face.textContent !== show(amount);
    say(face, show(amount));
    if (changed && this.drawn) this.#nudge(face);
    this.drawn = true;
    say(this.find("price-label"), this.t(this.#priceKey(state)));
    say(this.find("price-note"), this.#saving(state));
  }

  #priceKey(state) {
    if (!state.best) return state.method === "random_draw" ? "price.fixed" : "price.ceiling";
    return state.state === "closed" ? "price.final" : "price.best";
  }

  #saving(state) {
    if (!state.best) return this.#unpriced(state);
    const saved = state.ceiling - state.best.fen;
    const percent = ((saved / state.ceiling) * 100).toFixed(1);
    const by = state.best.by === this.mine ? this.t("feed.me", { by: state.best.by }) : nameOf(state, state.best.by);
    if (!saved) return this.t("price.at_ceiling", { by });
    return this.t("price.saving", { by, saved: show(saved), percent });
  }

  #unpriced(state) {
    if (state.method === "random_draw") return "";
    return this.t(state.state === "closed" || state.state === "failed" ? "price.nobody" : "price.first");
  }

  #nudge(face) {
    face.classList.remove("room-changed");
    void face.offsetWidth; // restart the animation
    face.classList.add("room-changed");
  }

  #rank(state) {
    if (!this.mine || !this.find("rank")) return;
    const mine = place(state, this.mine);
    say(this.find("rank"), mine ? this.t("rank.place", { rank: mine.rank }) : "–");
    say(this.find("rank-note"), this.#gap(mine));
    this.root.toggleAttribute("data-leading", mine?.rank === 1);
  }

  #gap(mine) {
    if (!mine) return this.t("rank.none");
    return mine.gap ? this.t("rank.gap", { of: mine.of, gap: show(mine.gap) }) : this.t("rank.leading", { of: mine.of });
  }

  #soft(state, phase) {
    const extended = phase === "open" && extensions(state).length > 0;
    reveal(this.find("soft"), extended);
    if (extended) say(this.find("soft-note"), this.t("clock.soft", { at: clockTime(state.hardEndsAt) }));
  }
}

/** The whole situation in one sentence, for the chart's description and for those who listen. */
export function summary(state, phase, now, { t, mine }) {
  const parts = [t(state.best ? "say.best" : "say.none", { amount: show(state.best ? state.best.fen : state.ceiling), by: state.best?.by ?? "" })];
  if (phase === "open") parts.push(t("say.left", { left: remaining(state.endsAt - now, t("clock.days")) }));
  const standing = mine && place(state, mine);
  if (standing) parts.push(t("say.rank", { rank: standing.rank }));
  return parts.join(t("say.join"));
}
