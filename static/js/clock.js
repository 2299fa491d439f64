// Countdowns true to the server's clock: <span data-clock="ISO time">… <span data-clock-face>.
// now() is exported for pages with clocks of their own.

const KEY = "server-offset";
const zh = document.documentElement.lang.startsWith("zh");

// How far the server's clock is ahead of ours, in ms. Its time stands at the end of the page, written last of all,
// just before the first byte came to us.
function measure() {
  const written = Number(document.getElementById("server-time")?.value) * 1000;
  const [load] = performance.getEntriesByType("navigation");
  const cached = load && load.type === "back_forward" && load.transferSize === 0;
  if (!written || !load || cached) return Number(sessionStorage.getItem(KEY)) || 0;
  const offset = written - (performance.timeOrigin + load.responseStart);
  sessionStorage.setItem(KEY, String(offset));
  return offset;
}

let offset = measure();

export function now() {
  return Date.now() + offset;
}

// A better measurement, for instance from a socket's pong.
export function setOffset(value) {
  offset = value;
}

export function words(ms) {
  const total = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(total / 86400);
  const hours = Math.floor((total % 86400) / 3600);
  const pad = (n) => String(n).padStart(2, "0");
  const minutes = pad(Math.floor((total % 3600) / 60));
  if (days > 0) return zh ? `${days} 天 ${hours} 小时` : `${days} d ${hours} h`;
  return `${hours > 0 ? `${pad(hours)}:` : ""}${minutes}:${pad(total % 60)}`;
}

function tick(clock) {
  const end = Date.parse(clock.dataset.clock);
  const face = clock.querySelector("[data-clock-face]");
  if (Number.isNaN(end) || !face) return;
  const left = end - now();
  const text = left > 0 ? words(left) : zh ? "已到时间" : "time is up";
  if (face.textContent !== text) face.textContent = text;
  clock.classList.toggle("is-urgent", left > 0 && left < 60_000);
  if (left <= 0 && !clock.classList.contains("is-over")) {
    clock.classList.add("is-over");
    clock.dispatchEvent(new CustomEvent("clock:over", { bubbles: true }));
  }
}

export function startClocks() {
  const all = () => document.querySelectorAll("[data-clock]").forEach(tick);
  all();
  setInterval(all, 500);
}
