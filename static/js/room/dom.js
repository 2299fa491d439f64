// Small help with the page: find by role in the room, make elements without markup strings, fill texts.

/** Elements carry data-el="name"; a missing one is null, because each audience has its own parts. */
export const finder = (root) => (name) => root.querySelector(`[data-el="${name}"]`);

export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set text only when it differs: screen readers and layout stay calm. */
export function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

export function show(element, visible) {
  if (element) element.hidden = !visible;
}

/** Words of the page's language: t("bid.button", {amount: "1.00"}). */
export function speaker(texts) {
  return (key, params = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
}
