// <details class="menu">: one open at a time, closed by Escape and by a click elsewhere. The theme without a reload.

export function startMenus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

export function startTheme() {
  const form = document.querySelector("[data-theme-switch]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter?.value ?? "auto";
    const root = document.documentElement;
    if (chosen === "auto") root.removeAttribute("data-bs-theme");
    else root.setAttribute("data-bs-theme", chosen);
    document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
    for (const button of form.querySelectorAll("button[value]")) {
      if (button.value === chosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    form.closest("details").open = false;
  });
}
