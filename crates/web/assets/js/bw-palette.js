// The palette: what the page offers to do, and what the server finds to open. Ctrl K opens it anywhere.

import { doings, nameOf } from "./doings.js";

class Palette extends HTMLElement {
  connectedCallback() {
    [this.dialog, this.input, this.list] = ["dialog", "input", "[role=listbox]"].map((it) => this.querySelector(it));
    document.addEventListener("keydown", (event) => this.hotkey(event));
    document.addEventListener("click", (event) => event.target.closest("[data-palette]") && this.open());
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.take(event));
  }

  hotkey(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
    if (document.querySelector("dialog[open]:not(.palette)")) return;
    event.preventDefault();
    this.dialog.open ? this.dialog.close() : this.open();
  }

  open() {
    this.doings = doings(nameOf);
    this.input.value = "";
    this.dialog.showModal();
    this.look();
  }

  /** What the page can do stands first, then what can be opened; an old answer is dropped. */
  async look() {
    const typed = this.input.value.trim();
    const commands = typed.startsWith(">");
    this.show(this.commands(commands ? typed.slice(1).trim() : typed, commands));
    if (commands) return;
    this.asked?.abort();
    const { signal } = (this.asked = new AbortController());
    try {
      const answer = await fetch(`${this.dataset.src}?q=${encodeURIComponent(typed)}`, { headers: { "x-fragment": "palette" }, signal });
      if (answer.ok) this.show(this.commands(typed, false), await answer.text());
    } catch { /* The next letter asks again. */ }
  }

  commands(typed, all) {
    const fits = [...this.doings].filter(([name]) => name && name.toLowerCase().includes(typed.toLowerCase()));
    return fits.slice(0, all ? 40 : typed ? 4 : 6);
  }

  show(commands, found = this.found ?? "") {
    this.found = found;
    const group = this.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const [name, it] of commands) {
      const line = document.createElement("button");
      Object.assign(line, { type: "button", className: "menu-item", role: "option", tabIndex: -1 });
      const [label, key] = ["span", "kbd"].map((tag) => document.createElement(tag));
      [label.textContent, key.textContent] = [name, it.dataset.key.replaceAll("+", " ")];
      line.append(label, key);
      line.does = it;
      group.append(line);
    }
    this.list.innerHTML = this.input.value.startsWith(">") ? "" : found;
    if (commands.length) this.list[this.input.value ? "append" : "prepend"](group);
    this.options.forEach((it, at) => (it.id = `palette-${at}`));
    this.select(this.options[0]);
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  select(option) {
    for (const it of this.options) it.setAttribute("aria-selected", it === option);
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const all = this.options;
    const at = all.findIndex((it) => it.ariaSelected === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) this.select(all[(at + by + all.length) % all.length]);
    else if (event.key === "Enter") all[at]?.click();
    else return;
    event.preventDefault();
  }

  take(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    this.dialog.close();
    if (!option.does) return; // A link goes where it leads.
    option.does.click();
    document.getElementById(option.does.dataset.focus)?.focus();
  }
}

customElements.define("bw-palette", Palette);
