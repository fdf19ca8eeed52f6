// The list that a `/` at the beginning of a line opens below the cursor: walked by the arrow keys, taken by Enter or Tab.

const LINES = "div, p, li, blockquote, pre";
const LONGEST = 40;

export class Slash {
  /** In this box; the list stands in `host`, and `label` says what it is. */
  constructor(host, box, label) {
    this.box = box;
    this.list = Object.assign(document.createElement("ul"), { id: "macro-list", className: "menu macro-list", role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", label);
    host.append(this.list);
    // The box keeps the cursor while somebody points at the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    box.addEventListener("input", () => this.ask());
    box.addEventListener("blur", () => this.close());
    // Before what else hears keys there: Enter takes what is chosen.
    box.addEventListener("keydown", (event) => this.press(event), true);
  }

  /** What is typed behind a `/` that begins the line, and where it stands. */
  typed() {
    const chosen = getSelection();
    if (!chosen.isCollapsed || !chosen.rangeCount || !this.box.contains(chosen.anchorNode)) return null;
    const node = chosen.anchorNode;
    const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(LINES);
    const range = chosen.getRangeAt(0).cloneRange();
    range.setStart(line && this.box.contains(line) ? line : this.box, 0);
    const text = range.toString();
    return text.startsWith("/") && text.length <= LONGEST ? { text: text.slice(1), range } : null;
  }

  async ask() {
    this.asking?.abort();
    const found = this.typed();
    if (!found) this.left = false;
    if (!found || this.left) return this.close();
    const { signal } = (this.asking = new AbortController());
    try {
      const query = new URLSearchParams({ q: found.text });
      const answer = await fetch(`/macros/completion?${query}`, { headers: { "x-fragment": "macros" }, signal });
      if (!answer.ok || signal.aborted) return this.close();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      this.list.replaceChildren(...[...fresh.body.querySelectorAll("li")].map((it) => document.importNode(it, true)));
      this.open(found.range);
    } catch {
      if (!signal.aborted) this.close();
    }
  }

  open(range) {
    this.list.hidden = !this.list.childElementCount || document.activeElement !== this.box;
    if (this.list.hidden) return this.close();
    this.box.setAttribute("aria-controls", this.list.id);
    this.choose(0);
    const at = range.getBoundingClientRect();
    const { width, height } = this.list.getBoundingClientRect();
    const below = at.bottom + height + 8 < innerHeight;
    this.list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    this.list.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
  }

  press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const at = [...this.list.children].findIndex((it) => it.ariaSelected === "true");
    const count = this.list.childElementCount;
    if (event.key === "ArrowDown") this.choose((at + 1) % count);
    else if (event.key === "ArrowUp") this.choose((at - 1 + count) % count);
    else if (event.key === "Escape") this.close(), (this.left = true);
    else if (event.key === "Enter" || event.key === "Tab") this.list.children[at].click();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choose(at) {
    const options = [...this.list.children];
    options.forEach((it, index) => (it.ariaSelected = String(index === at)));
    this.box.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  /** Takes the `/` and what is typed behind it away. */
  cut() {
    const found = this.typed();
    if (!found) return;
    getSelection().removeAllRanges();
    getSelection().addRange(found.range);
    document.execCommand("delete");
  }

  close() {
    this.asking?.abort();
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}
