// A key presses the button or link that declares it. Single keys work outside of fields and can be switched off.

import { canBePressed, doings, nameOf } from "./doings.js";

const STORE = "bellwether-keys";
const isField = (it) => it.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
class Keys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.list = this.querySelector("[data-keys-list]");
    this.fixed = [...this.list.children];
    document.addEventListener("change", ({ target }) => target.matches("[data-keys-switch]") && this.turn(target.checked));
    addEventListener("bw:visited", () => this.begin());
    this.begin();
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => event.target.closest("[data-keys-open]") && this.show());
  }

  /** With a page. */
  begin() {
    this.turn(localStorage.getItem(STORE) !== "off");
    document.querySelector("[data-list] [aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  turn(on) {
    if (on) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, "off");
    for (const it of document.querySelectorAll("[data-keys-switch]")) it.checked = on;
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
    return [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(canBePressed);
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
    this.list.replaceChildren(...this.fixed);
    for (const [key, it] of doings((it) => it.dataset.key)) {
      const [dt, dd, kbd] = ["dt", "dd", "kbd"].map((it) => document.createElement(it));
      kbd.textContent = key.replaceAll("+", " ");
      dt.append(kbd);
      dd.textContent = nameOf(it);
      this.list.append(dt, dd);
    }
    this.dialog.showModal();
    this.dialog.querySelector("footer button").focus();
  }
}

customElements.define("bw-keys", Keys);
