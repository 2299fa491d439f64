// A table wider than its place can be scrolled by keyboard too: it takes part in the order of Tab while it overflows.

const PLACES = ".table-responsive:not([role])";

function mark(place) {
  place.toggleAttribute("tabindex", false);
  if (place.scrollWidth > place.clientWidth) place.setAttribute("tabindex", "0");
}

export function startScrolling() {
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
  const watch = (root) => root.querySelectorAll(PLACES).forEach((place) => sizes.observe(place));
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.target.parentElement ?? document));
}
