// What the Verify page shows: the list of checks as they run, the sentence on top, the outcome as recalculated.

import { fullTime } from "../room/clock.js";
import { finder, make, say, show as reveal } from "../room/dom.js";
import { show as money } from "../room/money.js";
import { outcome } from "./record.js";

/** What a check found, or why it failed, as a sentence. */
export function sentence(t, { fault, found }) {
  if (fault) {
    const { why } = fault.params;
    return t(`fault.${fault.code}`, { ...shown(fault.params), why: why ? t(`why.${why}`) : "" });
  }
  if (!found) return "";
  const { head, keys, failed } = found;
  const words = { head: head?.slice(0, 12), keys: keys?.join(t("list.join")), failed: failed ? t(`failed.${failed}`) : "" };
  return t(`found.${found.code}`, { ...shown(found), ...words });
}

/** A file may hold anything: what it says is shown as text, and not without end. */
function shown(params) {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value).slice(0, 80)]));
}

export class CheckList {
  constructor(list, t) {
    Object.assign(this, { t, rows: new Map([...list.querySelectorAll("[data-check]")].map((row) => [row.dataset.check, row])) });
  }

  reset(state = "waiting") {
    for (const code of this.rows.keys()) this.#set(code, state, "");
  }

  running(code, done, of) {
    this.#set(code, "running", of > 1 ? `${done} / ${of}` : "");
  }

  seen(finding) {
    this.#set(finding.code, finding.fault ? "bad" : "good", sentence(this.t, finding));
    if (finding.fault) this.#rest("skipped");
  }

  /** A receipt without its record: the last check has nothing to look at. */
  alone() {
    this.#rest("skipped");
  }

  #rest(state) {
    for (const [code, row] of this.rows) if (row.dataset.state === "waiting") this.#set(code, state, "");
  }

  #set(code, state, words) {
    const row = this.rows.get(code);
    if (!row) return;
    const find = finder(row);
    row.dataset.state = state;
    say(find("state"), this.t(`state.${state}`));
    say(find("found"), words);
    reveal(find("found"), Boolean(words));
  }
}

/** The sentence on top: running, all good, or what failed and what to do. */
export class ResultLine {
  constructor(find, t) {
    Object.assign(this, { find, t, box: find("result") });
  }

  #show(state, words, { fault = "", help = "", note = "" } = {}) {
    this.box.dataset.state = state;
    this.box.className = `notice verify-result${state === "good" ? " notice-good" : state === "bad" ? " notice-bad" : ""}`;
    reveal(this.box, true);
    say(this.find("result-words"), words);
    for (const [name, text] of Object.entries({ fault, help, note })) {
      say(this.find(`result-${name}`), text);
      reveal(this.find(`result-${name}`), Boolean(text));
    }
    if (state !== "running") this.box.scrollIntoView({ block: "nearest" });
  }

  running(name) {
    this.#show("running", this.t("result.running", { name }));
  }

  good(note) {
    this.#show("good", this.t("result.good"), { note });
  }

  bad(finding, note) {
    const help = finding.fault.code === "unknown_key" ? "result.key_help" : "result.bad_help";
    const words = this.t("result.bad", { check: this.t(`check.${finding.code}`) });
    this.#show("bad", words, { fault: sentence(this.t, finding), help: this.t(help), note });
  }

  fail(words) {
    this.#show("bad", words);
  }
}

/** Winner and ranking, calculated here from the record that was just verified. */
export class Outcome {
  constructor(find, t, urls) {
    Object.assign(this, { find, t, urls });
  }

  hide() {
    reveal(this.find("outcome"), false);
  }

  async render(file) {
    const { board, ranking, records } = await outcome(file);
    const who = (by) => `${by}${board.names?.has(by) ? ` ${board.names.get(by).name}` : ""}`;
    this.find("summary").replaceChildren(...this.#facts(file, board, records, who).map(([label, value]) =>
      make("div", {}, make("dt", {}, this.t(`summary.${label}`)), make("dd", {}, value))));
    this.find("ranking").replaceChildren(...ranking.map((row, index) => this.#row(board, row, index, who)));
    reveal(this.find("ranking-box"), ranking.length > 0);
    this.#link("room", this.urls.room.replace("/0/", `/${file.competition}/`));
    const [name, version] = board.terms.rules.split("@");
    this.#link("rules", this.urls.rules.replace("name@0", `${name}@${version}`));
    reveal(this.find("outcome"), true);
  }

  #facts(file, board, records, who) {
    const { t } = this;
    const award = board.awards.at(-1);
    const last = records.at(-1);
    const decided = award ? [["winner", who(award.by)], ["amount", t("summary.yuan", { amount: money(award.fen) })]]
      : [["winner", t("summary.failed", { reason: t(`failed.${board.failed}`) })]];
    return [
      ...decided, ["need", records[0].data.need], ["competition", String(file.competition)], ["method", t(`summary.${board.terms.method}`)],
      ["ceiling", t("summary.yuan", { amount: money(board.terms.ceiling) })],
      ["closed", fullTime(Number(records.find((record) => record.kind === "closed").at / 1000n))],
      ["records", t("summary.at", { at: fullTime(Number(last.at / 1000n)), n: records.length })],
    ];
  }

  #row(board, { by, fen }, index, who) {
    const award = board.awards.find((one) => one.by === by);
    const note = award ? this.t("rank.awarded", { rank: award.rank }) : board.excluded.has(by) ? this.t("rank.excluded") : "";
    return make("tr", {}, make("td", {}, String(index + 1)),
      make("td", {}, who(by), note ? make("small", { class: "verify-rank-note" }, note) : null), make("td", { class: "amount" }, money(fen)));
  }

  #link(name, address) {
    this.find(name).setAttribute("href", address);
    reveal(this.find(name), true);
  }
}

export class ReceiptBox {
  constructor(find, t) {
    Object.assign(this, { find, t, checks: new CheckList(find("receipt-checks"), t) });
  }

  begin(name) {
    say(this.find("receipt-name"), name);
    this.checks.reset();
    reveal(this.find("receipt"), true);
  }

  done(findings, withRecord) {
    for (const finding of findings) this.checks.seen(finding);
    const last = findings.at(-1);
    if (!last.fault && !withRecord) this.checks.alone();
    const box = this.find("receipt-result");
    box.className = `notice ${last.fault ? "notice-bad" : "notice-good"}`;
    const words = last.fault ? "result.receipt_bad" : withRecord ? "result.receipt_good" : "result.receipt_alone";
    say(this.find("receipt-words"), this.t(words, { check: this.t(`check.${last.code}`) }));
    reveal(box, true);
    box.scrollIntoView({ block: "nearest" });
  }
}
