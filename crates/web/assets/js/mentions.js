// Completes a colleague's name behind an `@` in a note: a list at the cursor, walked by the arrow keys, taken by Enter or
// Tab.

const TYPED = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_.'’-]*(?: [\p{L}\p{N}_.'’-]+)?)$/u;

/** Lets an editor name colleagues while it writes a note. */
export function mentions(editor) {
  const { box } = editor;
  const list = editor.querySelector("#mention-list");
  const isNote = () => editor.closest("form").elements.kind.value === "note";
  const isOpen = () => list.matches(":popover-open");
  let range = null;

  const close = () => {
    if (isOpen()) list.hidePopover();
    for (const name of ["aria-activedescendant", "aria-controls", "aria-autocomplete"]) box.removeAttribute(name);
  };
  const shown = () => [...list.children].filter((it) => !it.hidden);
  const choose = (option) => {
    for (const it of list.children) it.ariaSelected = String(it === option);
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("insertText", false, `@${option.dataset.name} `);
    close();
  };

  box.addEventListener("input", () => {
    range = isNote() ? typed(box) : null;
    if (!range) return close();
    const said = range.toString().slice(1).toLowerCase();
    for (const it of list.children) it.hidden = !fits(it.dataset.name.toLowerCase(), said);
    const options = shown();
    // A name that stands there whole needs no list.
    if (!options.length || (options.length === 1 && options[0].dataset.name.toLowerCase() === said)) return close();
    if (!isOpen()) list.showPopover();
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-autocomplete", "list");
    place(list, range.getBoundingClientRect());
    choose(options[0]);
  });
  box.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = shown();
    const at = options.findIndex((it) => it.ariaSelected === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) choose(options[(at + by + options.length) % options.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(options[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  box.addEventListener("blur", close);
  // The editor keeps the cursor while somebody points at the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => take(target.closest("[role=option]")));
}

/** What is typed of a name, with its `@`. */
function typed(box) {
  const { anchorNode, anchorOffset, isCollapsed } = getSelection();
  if (!isCollapsed || anchorNode?.nodeType !== Node.TEXT_NODE || !box.contains(anchorNode)) return null;
  const found = TYPED.exec(anchorNode.data.slice(0, anchorOffset).replaceAll("\u00a0", " "));
  if (!found) return null;
  const range = document.createRange();
  range.setStart(anchorNode, anchorOffset - found[1].length - 1);
  range.setEnd(anchorNode, anchorOffset);
  return range;
}

function fits(name, said) {
  return name.startsWith(said) || name.split(" ").some((it) => it.startsWith(said));
}

function place(list, { left, top, bottom }) {
  const { width, height } = list.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  list.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : Math.max(8, top - height - 4)}px`;
}
