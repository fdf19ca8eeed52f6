// A key presses the button or link that declares it. Single keys work outside of fields and can be switched off.

const STORE = "bellwether-keys";
const isField = (it) => it.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
// What stands in a closed menu can be pressed, too; what belongs to the other mode of the composer cannot.
const visible = (it) => {
  const mode = it.closest(".for-reply, .for-note");
  if (mode && getComputedStyle(mode).display === "none") return false;
  return !it.disabled && (it.checkVisibility({ visibilityProperty: true }) || it.closest("[popover], .nav"));
};

class Keys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.list = this.querySelector("[data-keys-list]");
    this.fixed = [...this.list.children];
    const box = this.querySelector("[data-keys-switch]");
    box.checked = localStorage.getItem(STORE) !== "off";
    box.onchange = () => localStorage.setItem(STORE, box.checked ? "on" : "off");
    document.querySelector("[data-list] [aria-current]")?.scrollIntoView({ block: "nearest" });
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => event.target.closest("[data-keys-open]") && this.show());
  }

  press(event) {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing || event.altKey || this.dialog.open) return;
    const held = event.ctrlKey || event.metaKey;
    if (key === "Escape") return this.escape(target);
    if (!held && (isField(target) || localStorage.getItem(STORE) === "off")) return;
    const name = held ? `Ctrl+${event.shiftKey ? "Shift+" : ""}${key}` : key;
    if (!held && (name === "j" || name === "k")) return this.move(name === "j" ? 1 : -1, event);
    if (name === "x") return this.select();
    const found = this.find(this.before ? `${this.before} ${name}` : name) ?? this.find(name);
    clearTimeout(this.forget);
    this.before = !held && !found && key.length === 1 ? name : "";
    this.forget = setTimeout(() => (this.before = ""), 1200);
    // What is held sends, and sends only from inside its form.
    if (!found || (held && !found.form?.contains(target))) return;
    event.preventDefault();
    found.closest("[popover]:popover-open")?.hidePopover();
    found.click();
    const field = document.getElementById(found.dataset.focus);
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  find(name) {
    return [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(visible);
  }

  /** The next or the previous line of the list on the page. */
  move(by, event) {
    const lines = [...document.querySelectorAll("[data-list] a")].filter((it) => it.checkVisibility());
    const now = lines.findIndex((it) => it === document.activeElement);
    const from = now >= 0 ? now : lines.findIndex((it) => it.matches("[aria-current]"));
    const next = lines[Math.max(0, Math.min(lines.length - 1, from + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    if (next) event.preventDefault();
  }

  /** The line where one is, or else the one that is open. */
  select() {
    const here = document.activeElement?.closest("[data-list] li") ?? document.querySelector("[data-list] [aria-current]");
    here?.dispatchEvent(new CustomEvent("bw:select", { bubbles: true }));
  }

  escape(target) {
    if (isField(target)) target.blur();
    else if (!document.querySelector("[popover]:popover-open")) this.find("Escape")?.click();
  }

  show() {
    const named = new Map();
    for (const it of document.querySelectorAll("[data-key]")) {
      const name = it.getAttribute("aria-label") ?? it.title.replace(/ \(.*\)$/, "");
      const said = [...it.childNodes].filter((node) => node.nodeName !== "KBD" && !node.ariaHidden);
      const words = said.map((node) => node.textContent).join(" ");
      if (it.dataset.key !== "Escape" && !named.has(it.dataset.key) && visible(it)) named.set(it.dataset.key, name || words.trim());
    }
    this.list.replaceChildren(...this.fixed);
    for (const [key, name] of named) {
      const [dt, dd, kbd] = ["dt", "dd", "kbd"].map((it) => document.createElement(it));
      kbd.textContent = key.replaceAll("+", " ");
      dt.append(kbd);
      dd.textContent = name;
      this.list.append(dt, dd);
    }
    this.dialog.showModal();
    this.dialog.querySelector("footer button").focus();
  }
}

customElements.define("bw-keys", Keys);
