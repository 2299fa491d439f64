// Hashes a PDF in the browser, so that the file never leaves the computer; the page then looks the hash up.

const form = document.querySelector("[data-hash-file]");

async function digest(file) {
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(file) {
  const hash = await digest(file);
  location.assign(`${location.pathname}?hash=${hash}#file`);
}

if (form && globalThis.crypto?.subtle) {
  const input = form.elements.file;
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    check(input.files[0]);
  });
  input.addEventListener("change", () => input.files.length && check(input.files[0]));
}
