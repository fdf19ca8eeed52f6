// Lines of a list that are selected: how many, several with Shift, and `x` for the one where one is.

class Select extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => event.target.matches(".case-x") && this.tell());
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("bw:select", (event) => this.toggle(event.target));
    this.gone = new AbortController();
    addEventListener("bw:visited", () => this.none(), { signal: this.gone.signal });
    this.tell();
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  get boxes() {
    return [...this.querySelectorAll(".case-x")];
  }

  click(event) {
    if (event.target.closest("[data-none]")) return this.none();
    if (event.target.closest("[data-all]")) return this.set(this.boxes, true);
    const box = event.target.closest(".case-x");
    if (!box) return;
    const [from, to] = [this.boxes.indexOf(this.last), this.boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) this.set(this.boxes.slice(from, to + 1), box.checked);
    this.last = box;
  }

  toggle(line) {
    const box = line.closest("li")?.querySelector(".case-x");
    if (!box) return;
    this.set([box], !box.checked);
    this.last = box;
  }

  none() {
    this.set(this.boxes, false);
  }

  set(boxes, checked) {
    for (const it of boxes) it.checked = checked;
    this.tell();
  }

  tell() {
    const count = this.boxes.filter((it) => it.checked).length;
    for (const it of this.querySelectorAll("[data-count]")) it.textContent = count || "";
    this.toggleAttribute("data-selecting", count > 0);
  }
}

customElements.define("bw-select", Select);
