// The milestone table: another row on demand, and the sum beside the contract's amount while one types.
// Amounts are counted in fen as BigInt; nothing here decides, the server checks again.

const PLAIN = /^\d{1,10}(?:\.\d{1,2})?$/;

function fen(text) {
  const plain = text.trim().replaceAll(",", "");
  if (!PLAIN.test(plain)) return 0n;
  const [yuan, cents = ""] = plain.split(".");
  return BigInt(yuan) * 100n + BigInt(cents.padEnd(2, "0"));
}

function shown(amount) {
  const yuan = (amount / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${yuan}.${(amount % 100n).toString().padStart(2, "0")}`;
}

function add(form) {
  const output = form.querySelector("[data-sum]");
  const whole = fen(form.dataset.amount);
  const amounts = [...form.querySelectorAll('[name="milestone_amount"]')];
  const total = amounts.reduce((sum, field) => sum + fen(field.value), 0n);
  const gap = total > whole ? total - whole : whole - total;
  const words = gap === 0n ? output.dataset.fits : total > whole ? output.dataset.over : output.dataset.gap;
  output.textContent = words.replace("{total}", shown(total)).replace("{gap}", shown(gap));
  output.classList.toggle("is-right", gap === 0n);
}

function another(form, button) {
  const rows = form.querySelector("[data-rows]");
  const row = rows.lastElementChild.cloneNode(true);
  const number = rows.children.length + 1;
  row.classList.remove("is-wrong");
  row.querySelectorAll(".field-error").forEach((error) => error.remove());
  row.firstElementChild.textContent = number;
  for (const field of row.querySelectorAll("input")) {
    field.value = "";
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, number));
  }
  rows.append(row);
  row.querySelector("input").focus();
  button.hidden = number >= Number(button.dataset.most);
}

for (const form of document.querySelectorAll("[data-milestones]")) {
  const button = form.querySelector("[data-add-row]");
  button.hidden = form.querySelector("[data-rows]").children.length >= Number(button.dataset.most);
  button.addEventListener("click", () => another(form, button));
  form.addEventListener("input", () => add(form));
  add(form);
}
