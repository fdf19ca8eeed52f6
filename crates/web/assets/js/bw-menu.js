// Menus are popovers and open by themselves. This adds arrow keys, and a place beside the button where the browser
// does not yet give it one.

const placed = CSS.supports("position-area", "block-end");

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches?.(".menu[popover]")) return;
  if (!placed) place(menu);
  if (!menu.matches("[data-menu]")) return;
  // Where something is asked first, one writes; else one chooses.
  const first = menu.querySelector("input:not([type=hidden], [hidden]), select, .menu-item");
  first?.focus({ focusVisible: false, preventScroll: true });
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !by) return;
  event.preventDefault();
  const all = lines(menu);
  all[(all.indexOf(event.target) + by + all.length) % all.length]?.focus();
});

function lines(menu) {
  return [...menu.querySelectorAll(".menu-item:not([hidden])")];
}

function place(menu) {
  const opens = (id) => document.querySelector(`[popovertarget="${CSS.escape(id ?? "")}"]`);
  let button = opens(menu.id);
  // What a line of another menu opens stands where that one stood.
  if (button && !button.checkVisibility()) button = opens(button.closest("[popover]")?.id);
  const opener = button?.getBoundingClientRect();
  if (!opener) return;
  const { width, height } = menu.getBoundingClientRect();
  const below = opener.bottom + height + 8 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(opener.left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? opener.bottom : Math.max(8, opener.top - height - 8)}px`;
}
