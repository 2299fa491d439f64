// Narrows a long list of choices while one types. Without JavaScript the whole list is there.
//   <div data-picker="#list" hidden><input type="search"> <p data-picker-none hidden></div>
//   <div id="list"><fieldset><label data-words="…">…

function fold(text) {
  return text.normalize("NFKC").toLowerCase();
}

function narrow(list, none, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const group of list.querySelectorAll("fieldset")) {
    let inGroup = 0;
    for (const row of group.querySelectorAll("[data-words]")) {
      const fits = words.every((word) => fold(row.dataset.words).includes(word));
      row.hidden = !fits && !row.querySelector("input:checked");
      inGroup += row.hidden ? 0 : 1;
    }
    group.hidden = inGroup === 0;
    left += inGroup;
  }
  none.hidden = left > 0;
}

for (const find of document.querySelectorAll("[data-picker]")) {
  const list = document.querySelector(find.dataset.picker);
  const none = find.querySelector("[data-picker-none]");
  const input = find.querySelector("input");
  find.hidden = false;
  input.addEventListener("input", () => narrow(list, none, input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.querySelector("input:checked")?.closest("label").scrollIntoView({ block: "nearest" });
}
