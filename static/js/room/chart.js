// The price ladder as a step chart, drawn as it happens. The picture says nothing that the summary sentence and the
// table beside it don't say in words.

import { clockTime, shortTime } from "./clock.js";
import { draw, make } from "./dom.js";
import { brief, show } from "./money.js";
import { bidAt, linear, priceRange, priceTicks, spaced, staircase, timeTicks } from "./scale.js";
import { extensions, phase } from "./state.js";

const DOTS = 80;
const TABLE_ROWS = 1000;

export class Chart {
  constructor(svg, { t, mine, readout }) {
    Object.assign(this, { svg, t, mine, readout });
    this.size = { width: 0, height: 0 };
    this.layers = Object.fromEntries(
      ["future", "grid", "axis", "marks", "area", "line", "dots", "pointer"].map((name) => [name, draw("g", { class: `ladder-${name}` })]),
    );
    svg.append(...Object.values(this.layers));
    new ResizeObserver(() => this.#resized()).observe(svg.parentElement);
    svg.addEventListener("pointermove", (event) => this.#point(event));
    svg.addEventListener("pointerleave", () => this.#unpoint());
  }

  /** Draw the picture as it stands at `now` (server time, or the replay's). */
  render(state, now) {
    this.state = state;
    this.now = now;
    if (!this.size.width) return;
    this.#scales();
    this.#grid();
    this.#steps();
    this.#dots();
    this.#marks();
  }

  /** Between events only time moves: the line's open end and the shaded future. */
  tick(now) {
    if (!this.state || !this.size.width) return;
    this.render(this.state, now);
  }

  #resized() {
    const { width, height } = this.svg.getBoundingClientRect();
    if (!width || (Math.abs(width - this.size.width) < 1 && Math.abs(height - this.size.height) < 1)) return;
    this.size = { width, height };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    if (this.state) this.render(this.state, this.now);
  }

  #scales() {
    const { state, size } = this;
    const widest = brief(state.ceiling).length;
    const narrow = size.width < 480;
    this.frame = { left: widest * 7.5 + 14, right: size.width - (narrow ? 12 : 20), top: 16, bottom: size.height - 28 };
    const last = state.ladder.at(-1)?.at ?? state.startsAt;
    this.time = { from: Math.min(state.startsAt, state.ladder[0]?.at ?? Infinity), to: Math.max(state.endsAt, last + 1000) };
    this.price = priceRange(state.ceiling, state.ladder, state.step);
    this.x = linear(this.time.from, this.time.to, this.frame.left, this.frame.right);
    this.y = linear(this.price.high, this.price.low, this.frame.top, this.frame.bottom);
    this.until = Math.max(this.time.from, Math.min(this.now, this.time.to));
  }

  #grid() {
    const { left, right, top, bottom } = this.frame;
    const key = JSON.stringify([this.size, this.time, this.price]);
    if (key === this.gridKey) return;
    this.gridKey = key;
    const prices = priceTicks(this.price.low, this.price.high, Math.max(3, Math.floor((bottom - top) / 46)));
    const times = timeTicks(this.time.from, this.time.to, Math.max(2, Math.floor((right - left) / 68)));
    const label = this.time.to - this.time.from < 240_000 ? clockTime : shortTime;
    this.layers.grid.replaceChildren(...prices.map((fen) => line(left, this.y(fen), right, this.y(fen))));
    const far = prices.filter((fen) => Math.abs(this.y(fen) - this.y(this.state.ceiling)) > 14);
    this.layers.axis.replaceChildren(
      ...far.map((fen) => text(left - 8, this.y(fen) + 4, brief(fen), "end")),
      ...times.map((at) => text(this.x(at), bottom + 18, label(at), "middle", this.x(at) < left + 24 || this.x(at) > right - 22)),
      line(left, bottom, right, bottom, "ladder-base"),
      line(left, this.y(this.state.ceiling), right, this.y(this.state.ceiling), "ladder-ceiling"),
      text(left - 8, this.y(this.state.ceiling) + 4, brief(this.state.ceiling), "end", false, "ladder-ceiling-label"),
      text(right, this.y(this.state.ceiling) - 5, this.t("chart.ceiling"), "end", false, "ladder-ceiling-label"),
    );
  }

  #steps() {
    const { ladder, ladderFrom, ceiling, startsAt } = this.state;
    const begin = ladderFrom ? ladder[0] : { at: Math.min(startsAt, ladder[0]?.at ?? startsAt), fen: ceiling };
    const path = staircase([begin, ...ladder], this.x, this.y, this.until);
    const [first, bottom] = [this.x(begin.at), this.frame.bottom];
    set(this.layers.line, "path", { d: path });
    set(this.layers.area, "path", { d: `${path}V${bottom}H${first}Z` });
    const width = Math.max(0, this.frame.right - this.x(this.until));
    set(this.layers.future, "rect", { x: this.x(this.until), y: this.frame.top, width, height: bottom - this.frame.top });
  }

  #dots() {
    const { ladder } = this.state;
    const mine = ladder.filter((bid) => bid.by === this.mine);
    const others = ladder.length <= DOTS ? ladder.filter((bid) => bid.by !== this.mine) : [];
    const last = ladder.at(-1);
    this.layers.dots.replaceChildren(
      ...others.map((bid) => draw("circle", { cx: this.x(bid.at), cy: this.y(bid.fen), r: 3, class: "ladder-dot" })),
      ...mine.map((bid) => diamond(this.x(bid.at), this.y(bid.fen), ladder.length > DOTS ? 4 : 5.5)),
      ...(last && this.until < this.time.to ? [draw("circle", { cx: this.x(this.until), cy: this.y(last.fen), r: 4.5, class: "ladder-tip" })] : []),
    );
  }

  #marks() {
    const marks = extensions(this.state).filter((event) => event.at <= this.now);
    this.layers.marks.replaceChildren(
      ...marks.map((event) => line(this.x(event.at), this.frame.top, this.x(event.at), this.frame.bottom, "ladder-extension")),
      ...spaced(marks.map((event) => this.x(event.at)), 44).map((x) => text(x - 4, this.frame.bottom - 6, this.t("chart.extended"), "end")),
      ...(this.state.ladder.length ? [] : [this.#empty()]),
    );
  }

  #empty() {
    const { left, right, top, bottom } = this.frame;
    return text((left + right) / 2, (top + bottom) / 2 + 12, this.t(`chart.empty_${phase(this.state, this.now)}`), "middle", false, "ladder-empty");
  }

  #point(event) {
    if (!this.state || !this.frame) return;
    const box = this.svg.getBoundingClientRect();
    const at = this.time.from + ((event.clientX - box.left - this.frame.left) / (this.frame.right - this.frame.left)) * (this.time.to - this.time.from);
    const bid = bidAt(this.state.ladder, Math.min(at, this.until));
    if (!bid) return this.#unpoint();
    const [x, y] = [this.x(bid.at), this.y(bid.fen)];
    this.layers.pointer.replaceChildren(line(x, this.frame.top, x, this.frame.bottom), draw("circle", { cx: x, cy: y, r: 6 }));
    this.readout.textContent = this.t("chart.readout", { time: clockTime(bid.at), by: bid.by, amount: show(bid.fen) });
  }

  #unpoint() {
    this.layers.pointer.replaceChildren();
    this.readout.textContent = "";
  }
}

function set(layer, tag, attributes) {
  const element = layer.firstChild ?? layer.appendChild(draw(tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

const line = (x1, y1, x2, y2, kind = null) => draw("line", { x1, y1, x2, y2, class: kind });

function text(x, y, words, anchor, skip = false, kind = null) {
  const element = draw("text", { x, y, "text-anchor": anchor, class: kind });
  element.textContent = skip ? "" : words;
  return element;
}

function diamond(x, y, r) {
  return draw("path", { d: `M${x},${y - r}L${x + r},${y}L${x},${y + r}L${x - r},${y}Z`, class: "ladder-mine" });
}

/** The same facts as rows, newest first, for those who read rather than look. */
export function fillTable(body, state, { mine, t, nameOf }) {
  const rows = state.ladder.slice(-TABLE_ROWS).map((bid, index, all) => {
    const before = index ? all[index - 1].fen : state.ladderFrom ? bid.fen : state.ceiling;
    const who = bid.by === mine ? t("feed.me", { by: bid.by }) : nameOf(bid.by);
    const auto = bid.auto ? make("small", { class: "room-auto" }, t("chart.auto")) : null;
    return make("tr", { class: bid.by === mine ? "room-mine" : null },
      make("td", {}, String(bid.seq)), make("td", {}, clockTime(bid.at)), make("td", {}, who, auto),
      make("td", { class: "amount" }, show(bid.fen)), make("td", { class: "amount" }, show(before - bid.fen)));
  });
  body.replaceChildren(...rows.reverse());
}
