// Bids that nobody has answered yet. Kept in the tab's storage, so that neither a lost connection nor a reload
// loses one: each is sent again with the same ref until the server answers that ref, and counts once.

const MAX_AGE = 120_000;

export class Outbox {
  constructor(key, storage, wall = () => Date.now()) {
    this.key = key;
    this.storage = storage;
    this.wall = wall;
    this.bids = this.#load();
  }

  /** Note a bid before it is sent: {ref, amount, at}; returns it as it waits here. */
  add(ref, amount) {
    const bid = { ref, amount, at: this.wall() };
    this.bids = [...this.bids, bid];
    this.#save();
    return bid;
  }

  /** Send it again after a pause: once, however many copies of it were refused meanwhile. */
  again(bid, pause, send) {
    clearTimeout(bid.timer);
    bid.timer = setTimeout(() => this.bids.includes(bid) && send(bid), pause);
  }

  /** The server answered; returns the bid, or null when it isn't ours. */
  settle(ref) {
    const bid = this.bids.find((waiting) => waiting.ref === ref) ?? null;
    if (bid) {
      this.bids = this.bids.filter((waiting) => waiting !== bid);
      this.#save();
    }
    return bid;
  }

  get waiting() {
    return this.bids;
  }

  #load() {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return kept.filter((bid) => this.wall() - bid.at < MAX_AGE);
    } catch {
      return [];
    }
  }

  #save() {
    try {
      const bids = this.bids.map(({ ref, amount, at }) => ({ ref, amount, at })); // when it was sent last means nothing to another page
      this.storage.setItem(this.key, JSON.stringify(bids));
    } catch {
      // Storage may be full or forbidden; the bids still live in memory.
    }
  }
}
