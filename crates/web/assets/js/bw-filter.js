// Completes a filter while it is typed: a list below the field, walked by the arrow keys, taken by Enter or Tab.
// Without script the field is a field, and a mistake is told with the page.
class Filter extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: "filter-list", className: "menu filter-list", role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", this.dataset.label);
    this.append(this.list);
    this.field.role = "combobox";
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.addEventListener("input", () => this.ask());
    this.field.addEventListener("focus", () => this.ask());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.press(event));
    // The field keeps the cursor while somebody points at the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    this.close();
    // The key that opens the filter goes to its field once that is there.
    const folded = this.closest("details");
    const opener = folded?.querySelector("summary");
    const key = opener?.dataset.key;
    const hand = () => (folded.open ? delete opener.dataset.key : (opener.dataset.key = key));
    folded?.addEventListener("toggle", hand);
    if (folded) hand();
    this.close();
  }

  async ask() {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const { value, selectionStart } = this.field;
    this.fit(value, selectionStart);
    const query = new URLSearchParams({ before: value.slice(0, selectionStart) });
    try {
      const answer = await fetch(`${this.dataset.src}?${query}`, { headers: { "x-fragment": "filter" }, signal });
      if (!answer.ok) return this.close();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      this.list.replaceChildren(...[...fresh.body.querySelectorAll("li")].map((it) => document.importNode(it, true)));
      this.show(this.list.childElementCount > 0 && document.activeElement === this.field);
    } catch {
      if (!signal.aborted) this.close();
    }
  }

  /** What does not fit any more goes at once: whoever types fast takes nothing that they do not mean. */
  fit(value, end) {
    for (const it of [...this.list.children]) {
      const typed = value.slice(Number(it.dataset.from), end).toLowerCase();
      if (!it.dataset.insert.toLowerCase().includes(typed)) it.remove();
    }
    if (!this.list.childElementCount) this.show(false);
  }

  press(event) {
    const { key } = event;
    const options = [...this.list.children];
    const at = options.findIndex((it) => it.ariaSelected === "true");
    if (this.list.hidden || event.isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      const by = key === "ArrowDown" ? 1 : -1;
      this.choose(options, at < 0 && by < 0 ? options.length - 1 : (at + by + options.length) % options.length);
    } else if (key === "Escape") {
      this.close();
    } else if (at >= 0 && (key === "Enter" || key === "Tab")) {
      this.take(options[at]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  choose(options, at) {
    options.forEach((it, index) => (it.ariaSelected = String(index === at)));
    this.field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  take(option) {
    if (!option) return;
    const { from, insert } = option.dataset;
    this.field.setRangeText(insert, Number(from), this.field.selectionStart, "end");
    this.ask();
  }

  show(any) {
    this.list.hidden = !any;
    this.field.ariaExpanded = String(any);
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.asking?.abort();
    this.show(false);
  }
}

customElements.define("bw-filter", Filter);
