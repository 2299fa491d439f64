// A file field becomes a place to drop files on; the chosen files are listed with their sizes.

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function list(zone, input) {
  const rows = [...input.files].map((file) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const weight = document.createElement("span");
    name.textContent = file.name;
    weight.textContent = size(file.size);
    row.append(name, weight);
    return row;
  });
  zone.querySelector("[data-drop-list]")?.replaceChildren(...rows);
}

function take(input, dropped) {
  const bag = new DataTransfer();
  for (const file of input.multiple ? dropped : [...dropped].slice(0, 1)) bag.items.add(file);
  input.files = bag.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function start(zone) {
  const input = zone.querySelector('input[type="file"]');
  if (!input) return;
  zone.classList.add("is-ready");
  input.addEventListener("change", () => list(zone, input));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (event.dataTransfer.files.length) take(input, event.dataTransfer.files);
  });
}

export function startDrops() {
  document.querySelectorAll("[data-drop]").forEach(start);
}
