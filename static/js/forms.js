// Nothing typed is lost, nothing is sent twice, nothing irreversible happens by one slip.
//   <textarea data-keep>            kept in this tab until its form is sent and was not refused
//   <form> / <button> data-confirm  asks first, in the page's own dialog
//   <form data-again>               may be sent again and again (searches)

const PREFIX = "kept:";
const SENT = "kept-sent";

function keyOf(area) {
  return `${PREFIX}${location.pathname}:${area.form?.getAttribute("action") ?? ""}:${area.name}`;
}

function keep(area) {
  const key = keyOf(area);
  const kept = sessionStorage.getItem(key);
  if (kept && !area.value) area.value = kept;
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
}

// What was sent is forgotten only on the next page, and not when that page says no or when one comes back to the form.
function remember(form) {
  const keys = [...form.querySelectorAll("[data-keep]")].map(keyOf);
  if (keys.length) sessionStorage.setItem(SENT, JSON.stringify(keys));
}

function forget() {
  const keys = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.removeItem(SENT);
  const [load] = performance.getEntriesByType("navigation");
  if (load?.type !== "navigate" || document.querySelector("[data-refused]")) return;
  for (const key of keys) sessionStorage.removeItem(key);
}

function ask(question) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-question").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

// Disabled after the browser has gathered the form's data, so that the pressed button's own value is sent too.
function lock(form) {
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }
  });
}

function release() {
  for (const button of document.querySelectorAll('button[aria-busy="true"]')) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

async function confirmFirst(event, form, question) {
  event.preventDefault();
  if (!(await ask(question))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(event.submitter ?? undefined);
}

function onSubmit(event) {
  const form = event.target;
  // By attribute: a field named "method" would hide the property.
  if (event.defaultPrevented || (form.getAttribute("method") ?? "").toLowerCase() !== "post" || form.hasAttribute("data-again")) return;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && form.dataset.confirmed !== "yes") {
    confirmFirst(event, form, question);
    return;
  }
  delete form.dataset.confirmed;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (form.matches("[hx-post], [data-hx-post]")) return;
  form.dataset.sent = "yes";
  remember(form);
  lock(form);
}

export function startForms() {
  forget();
  document.querySelectorAll("textarea[data-keep]").forEach(keep);
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    release();
  });
  document.querySelector("[data-form-errors]")?.focus();
}
