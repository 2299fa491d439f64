// The Verify page: files come in (dropped, chosen, or the record the address asks for), checks run here, each is shown.
// Once the page is loaded nothing of this needs the network.

import { finder, show as reveal, speaker } from "../room/dom.js";
import { hex, sha256 } from "./bytes.js";
import { native } from "./ed25519.js";
import { isHash, isKeyId } from "./forms.js";
import { verify } from "./record.js";
import { verifyReceipt } from "./receipt.js";
import { idOf } from "./signed.js";
import { CheckList, Outcome, ReceiptBox, ResultLine } from "./view.js";

const LARGEST_MB = 64;
const pause = () => new Promise((done) => setTimeout(done));

class Page {
  #queue = Promise.resolve();

  constructor(root, config) {
    const find = finder(root);
    Object.assign(this, { root, config, t: speaker(config.texts), trusted: config.keys, record: null, receipts: [] });
    this.checks = new CheckList(find("record-checks"), this.t);
    this.result = new ResultLine(find, this.t);
    this.outcome = new Outcome(find, this.t, config.urls);
    this.receiptBox = new ReceiptBox(find, this.t);
    this.help = find("help");
  }

  /** One after the other: what is being checked is not disturbed by the next file. */
  take(files) {
    this.#queue = this.#queue.then(() => this.#take(files)).catch((trouble) => this.result.fail(String(trouble)));
    return this.#queue;
  }

  async #take(files) {
    for (const file of files) await this.#open(file);
  }

  async #open(file) {
    if (!globalThis.crypto?.subtle) return this.result.fail(this.t("file.insecure"));
    if (await isPdf(file)) return this.#paper(file);
    if (file.size > LARGEST_MB * 2 ** 20) return this.result.fail(this.t("file.too_large", { name: file.name, mb: LARGEST_MB }));
    const content = await parsed(file);
    if (content?.format === "open-market-receipt") return this.#receipt(content, file.name);
    if (content?.format !== "open-market-record" && !Array.isArray(content?.records)) return this.#unknown(file);
    return this.#record(content, file.name);
  }

  #unknown(file) {
    this.result.fail(this.t("file.unknown", { name: file.name }));
  }

  /** Only its hash is looked up; the file stays here. */
  async #paper(file) {
    const hash = hex(await sha256(new Uint8Array(await file.arrayBuffer())));
    location.assign(`${this.config.urls.verify}?hash=${hash}#file`);
  }

  async #record(content, name) {
    const began = performance.now();
    this.record = null;
    this.checks.reset();
    this.outcome.hide();
    this.result.running(name);
    const findings = await verify(content, {
      trusted: this.trusted,
      seen: (finding) => (this.checks.seen(finding), pause()),
      told: (code, done, of) => (this.checks.running(code, done, of), pause()),
    });
    const last = findings.at(-1);
    const took = this.t("result.took", { name, ms: Math.round(performance.now() - began), engine: this.t((await native()) ? "engine.native" : "engine.own") });
    reveal(this.help, Boolean(last.fault));
    if (last.fault) return this.result.bad(last, took);
    this.record = content;
    this.result.good(took);
    await this.outcome.render(content);
    for (const receipt of this.receipts) await this.#check(receipt);
  }

  async #receipt(content, name) {
    const receipt = { content, name };
    this.receipts = [receipt];
    await this.#check(receipt);
  }

  async #check({ content, name }) {
    const record = this.record?.competition === content.competition ? this.record : null;
    this.receiptBox.begin(name);
    const findings = await verifyReceipt(content, { record, trusted: this.trusted });
    this.receiptBox.done(findings, Boolean(record));
  }

  /** The record the address asks for. */
  async fetch(address) {
    this.result.running(address);
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return this.result.fail(this.t("file.offline"));
    const name = address.match(/\d+/)?.[0] ?? address;
    return this.take([new File([await answer.blob()], `record-${name}.json`)]);
  }

  /** Keys of one's own: "id=key" per line. Returns what to say of them. */
  async trust(text) {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
    const keys = {};
    for (const [index, line] of lines.entries()) {
      const [id, key] = line.split("=").map((part) => part.trim());
      if (!isKeyId(id) || !isHash(key) || (await idOf(key)) !== id) return this.t("keys.bad", { line: index + 1 });
      keys[id] = key;
    }
    this.trusted = lines.length ? keys : this.config.keys;
    return lines.length ? this.t("keys.own", { n: lines.length }) : "";
  }
}

async function isPdf(file) {
  const start = new Uint8Array(await file.slice(0, 5).arrayBuffer());
  return file.type === "application/pdf" || new TextDecoder().decode(start) === "%PDF-";
}

async function parsed(file) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
  } catch {
    return null;
  }
}

function listen(page, form) {
  const input = form.elements.file;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) page.take([...input.files]);
  });
  input.addEventListener("change", () => input.files.length && page.take([...input.files]));
  const field = document.getElementById("own-keys");
  const note = page.root.ownerDocument.querySelector('[data-el="own-note"]');
  const hint = note.textContent;
  field.addEventListener("input", async () => {
    note.textContent = (await page.trust(field.value)) || hint;
  });
}

const root = document.querySelector("[data-verify]");
if (root) {
  const page = new Page(root, JSON.parse(document.getElementById("verify-config").textContent));
  listen(page, document.querySelector("[data-verify-files]"));
  if (page.config.record) page.fetch(page.config.record);
}
