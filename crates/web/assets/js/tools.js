// The tools of an editor: one stop of the tab key, arrows between them, and keys of their own inside the text.

const DOES = {
  bold: () => document.execCommand("bold"),
  italic: () => document.execCommand("italic"),
  bullets: () => document.execCommand("insertUnorderedList"),
  numbers: () => document.execCommand("insertOrderedList"),
  quote: (editor) => block(editor, "blockquote"),
  code: (editor) => code(editor),
};

/** Lets a toolbar dress what is chosen in its editor. */
export function tools(editor) {
  const bar = editor.querySelector("[role=toolbar]");
  const all = [...bar.querySelectorAll(".tool")];
  const link = new Link(editor, bar);
  const act = (name) => {
    if (name === "link") return link.ask();
    DOES[name](editor);
    show();
  };
  const show = () => {
    if (!editor.box.contains(getSelection().anchorNode)) return;
    const on = state(editor);
    for (const it of all) if (it.hasAttribute("aria-pressed")) it.ariaPressed = String(on.has(it.dataset.do));
  };
  for (const it of all) {
    it.addEventListener("mousedown", (event) => event.preventDefault()); // The chosen words stay chosen.
    it.addEventListener("click", () => (editor.box.focus(), act(it.dataset.do)));
  }
  bar.addEventListener("keydown", (event) => move(event, all));
  document.addEventListener("selectionchange", show, { signal: editor.gone.signal });
  editor.box.addEventListener("keydown", (event) => {
    const name = ofKey(event);
    // In note mode nothing is dressed.
    if (!name || getComputedStyle(bar).display === "none") return;
    event.preventDefault();
    act(name);
  });
}

function ofKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.shiftKey ? event.code : event.key.toLowerCase();
  const plain = { b: "bold", i: "italic", k: "link", e: "code" };
  return plain[key] ?? { Digit7: "numbers", Digit8: "bullets", Digit9: "quote" }[key] ?? null;
}

function move(event, all) {
  const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
  const at = all.indexOf(event.target);
  if (!by || at < 0) return;
  event.preventDefault();
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  for (const it of all) it.tabIndex = it === next ? 0 : -1;
  next.focus();
}

function around(editor, names) {
  const node = getSelection().anchorNode;
  const found = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(names);
  return editor.box.contains(found) && found !== editor.box ? found : null;
}

function state(editor) {
  const on = new Set(["bold", "italic"].filter((it) => document.queryCommandState(it)));
  for (const [name, names] of [["bullets", "ul"], ["numbers", "ol"], ["quote", "blockquote"], ["code", "pre, code"]]) {
    if (around(editor, names)) on.add(name);
  }
  return on;
}

function block(editor, name) {
  if (around(editor, name)) document.execCommand("outdent"), document.execCommand("formatBlock", false, "div");
  else document.execCommand("formatBlock", false, name);
}

/** A few words stay in their line; whole lines become a block. */
function code(editor) {
  const inside = around(editor, "code");
  const chosen = getSelection();
  if (inside) return void inside.replaceWith(...inside.childNodes);
  if (around(editor, "pre") || chosen.isCollapsed || chosen.toString().includes("\n")) return block(editor, "pre");
  const words = document.createElement("code");
  words.textContent = chosen.toString();
  document.execCommand("insertHTML", false, words.outerHTML);
}

/** Asks where a link leads, and comes back to the words it is for. */
class Link {
  constructor(editor, bar) {
    Object.assign(this, { editor, row: bar.querySelector(".tool-link"), field: bar.querySelector("#tool-address") });
    this.row.querySelector("button").addEventListener("click", () => this.set());
    this.field.addEventListener("input", (event) => event.stopPropagation());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.set();
      else if (event.key === "Escape") this.leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  ask() {
    const chosen = getSelection();
    if (!chosen.rangeCount) return;
    this.range = chosen.getRangeAt(0).cloneRange();
    this.old = around(this.editor, "a");
    this.field.value = this.old?.getAttribute("href") ?? "";
    this.row.hidden = false;
    this.field.focus();
  }

  set() {
    const typed = this.field.value.trim();
    const address = /^[a-z]+:/i.test(typed) || !typed ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    this.leave();
    if (this.old) getSelection().selectAllChildren(this.old);
    if (!address) return void document.execCommand("unlink");
    if (!getSelection().isCollapsed) return void document.execCommand("createLink", false, address);
    const link = Object.assign(document.createElement("a"), { href: address, textContent: typed });
    document.execCommand("insertHTML", false, link.outerHTML);
  }

  leave() {
    this.row.hidden = true;
    this.editor.box.focus();
    getSelection().removeAllRanges();
    getSelection().addRange(this.range);
  }
}
