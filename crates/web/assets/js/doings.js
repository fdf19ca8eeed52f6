// What a page offers to do: every button and link that declares a key, and what it is called.

/** What stands in a closed menu can be pressed, too; what belongs to the other mode of the composer cannot. */
export function canBePressed(it) {
  const mode = it.closest(".for-reply, .for-note, .for-forward, .for-mail");
  if (mode && getComputedStyle(mode).display === "none") return false;
  return !it.disabled && (it.checkVisibility({ visibilityProperty: true }) || Boolean(it.closest("[popover], .nav")));
}

/** Its name, without the keycap that stands in it. */
export function nameOf(it) {
  const said = [...it.childNodes].filter((node) => node.nodeName !== "KBD" && !node.ariaHidden);
  const name = it.getAttribute("aria-label") ?? it.title.replace(/ \(.*\)$/, "");
  return (name || said.map((node) => node.textContent).join(" ")).trim().replace(/\s+/g, " ");
}

/** Everything that can be pressed, the first of each of these: its key, or its name. */
export function doings(by) {
  const found = new Map();
  for (const it of document.querySelectorAll("[data-key]:not([data-key=Escape])")) {
    if (!found.has(by(it)) && canBePressed(it)) found.set(by(it), it);
  }
  return found;
}
