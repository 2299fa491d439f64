// How the connection is, in words, always; and what to do when it has ended for good.

import { make, say, show as reveal } from "./dom.js";
import { FINAL } from "./socket.js";

const WARNING_STAYS = 8_000;

export class Connection {
  constructor(find, { t, lang, urls }) {
    Object.assign(this, { t, lang, urls, chip: find("conn"), words: find("conn-words"), alert: find("alert") });
  }

  /** @param socket {status, since, age}; @param error clock error in milliseconds or null */
  render(socket, error) {
    if (!this.chip) return;
    const age = Math.floor((performance.now() - socket.since) / 1000);
    this.chip.dataset.status = socket.status;
    say(this.words, this.t(`conn.${socket.status}`, { age: this.#age(age) }));
    this.chip.title = socket.status === "connected" && error !== null ? this.t("conn.precise", { error: Math.max(1, Math.round(error)) }) : "";
  }

  #age(seconds) {
    return seconds < 60 ? this.t("age.seconds", { n: seconds }) : this.t("age.minutes", { n: Math.floor(seconds / 60) });
  }

  /** The server said goodbye, or refused a frame that was no bid. */
  warn(texts) {
    const words = texts?.[this.lang] ?? texts?.["zh-hans"];
    if (!words) return;
    this.#show(`${words.sentence} ${words.way_out}`);
    clearTimeout(this.fading);
    this.fading = setTimeout(() => this.healed(), WARNING_STAYS);
  }

  ended(code) {
    clearTimeout(this.fading);
    const reason = FINAL[code];
    const href = reason === "session_ended" ? this.urls.login : location.pathname;
    const link = make("a", { class: "btn btn-outline-secondary btn-sm", href }, this.t(reason === "session_ended" ? "end.sign_in" : "end.reload"));
    this.#show(this.t(`end.${reason}`), link);
  }

  slow(code) {
    if (code === 4408 || code === 4429) this.#show(this.t(code === 4408 ? "end.too_slow" : "end.too_fast"));
  }

  healed() {
    reveal(this.alert, false);
  }

  #show(text, link = null) {
    if (!this.alert) return;
    this.alert.replaceChildren(make("p", {}, text), ...(link ? [link] : []));
    reveal(this.alert, true);
  }
}
