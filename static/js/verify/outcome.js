// Who is drawn, who would be awarded first, second, …

import { big, joined, sha256, unhex } from "./bytes.js";
import { sortedEntrants } from "./board.js";

/** Number SHA-256(secret ‖ head ‖ turn) mod n of the entrants in order; the first turn adds nothing. */
export async function drawn(secret, head, entrants, turn = 0) {
  const suffix = turn ? Uint8Array.of(turn >> 24, turn >> 16, turn >> 8, turn) : new Uint8Array();
  const number = big(await sha256(joined(unhex(secret), unhex(head), suffix)));
  return entrants[Number(number % BigInt(entrants.length))];
}

/** [{by, fen}], the best first: by lowest bid, or in the order of drawing. */
export async function ranking(board) {
  if (board.terms.method === "random_draw") return board.secret ? drawRanking(board) : [];
  const lowest = [...board.lowest.values()].filter((bid) => board.entrants.has(bid.by));
  return lowest.sort((a, b) => a.fen - b.fen || a.seq - b.seq);
}

async function drawRanking(board) {
  const left = sortedEntrants(board);
  const order = [];
  while (left.length) {
    const by = await drawn(board.secret, board.closingHead, left, order.length);
    order.push({ by, fen: board.terms.ceiling });
    left.splice(left.indexOf(by), 1);
  }
  return order;
}

/** The first in the ranking who has not been awarded before and may be; null when nobody is left. */
export async function nextBest(board) {
  const tried = new Set([...board.awards.map((award) => award.by), ...board.excluded]);
  return (await ranking(board)).find((standing) => !tried.has(standing.by)) ?? null;
}
