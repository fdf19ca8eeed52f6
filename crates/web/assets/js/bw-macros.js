// Macros: the menu that `m` opens is searched while one types, and a `/` at the beginning of a line opens the same list
// below the cursor. What is chosen is done at once, and its text stands where the cursor was. Nothing is ever sent.
import { Slash } from "./slash.js";

class Macros extends HTMLElement {
  connectedCallback() {
    this.composer = this.closest("bw-composer");
    this.editor = this.composer.querySelector("bw-editor");
    this.box = this.editor.box;
    this.search = this.querySelector("#macro-q");
    this.search.hidden = false;
    this.slash = new Slash(this, this.box, this.dataset.label);
    this.addEventListener("input", (event) => (event.stopPropagation(), this.sift()));
    this.addEventListener("keydown", (event) => this.first(event));
    this.addEventListener("click", (event) => this.chosen(event));
    this.querySelector(".menu").addEventListener("toggle", () => ((this.search.value = ""), this.sift()));
    this.gone = new AbortController();
    document.addEventListener("selectionchange", () => this.remember(), { signal: this.gone.signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  sift() {
    const typed = this.search.value.trim().toLowerCase();
    for (const it of this.querySelectorAll("button.menu-item")) {
      it.hidden = !`${it.textContent} ${it.title}`.toLowerCase().includes(typed);
    }
  }

  first(event) {
    if (event.target !== this.search || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.querySelector("button.menu-item:not([hidden])")?.click();
  }

  chosen(event) {
    const { macro } = event.target.closest("[data-macro]")?.dataset ?? {};
    if (!macro) return;
    event.preventDefault();
    this.querySelector(".menu").hidePopover();
    if (event.target.closest("[role=option]")) this.slash.cut();
    this.use(macro);
  }

  /** Where somebody writes, for when the cursor is in the menu. */
  remember() {
    const chosen = getSelection();
    if (chosen.rangeCount && this.box.contains(chosen.anchorNode)) this.range = chosen.getRangeAt(0).cloneRange();
  }

  async use(macro) {
    this.slash.close();
    const address = `/cases/${this.dataset.case}/macros/${macro}${this.dataset.query}`;
    try {
      const headers = { "x-fragment": "macro" };
      const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams() });
      if (answer.status === 401) dispatchEvent(new CustomEvent("bw:signed-out"));
      else if (!answer.ok) this.refused(await answer.text());
      else this.put(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("used"));
    } catch {
      dispatchEvent(new CustomEvent("bw:line", { detail: { up: false } }));
    }
  }

  put(used) {
    const { text, then } = used.dataset;
    this.composer.querySelector(".composer-e").hidden = true;
    this.insert(text);
    if (then) this.becomes(then);
    if (!used.childElementCount) return;
    for (const it of document.querySelectorAll("bw-toast")) it.remove();
    document.querySelector(".notices").prepend(document.importNode(used.firstElementChild, true));
  }

  /** Where the cursor was, or at the end. */
  insert(text) {
    this.box.focus();
    const known = this.range && this.box.contains(this.range.startContainer);
    if (known) getSelection().removeAllRanges(), getSelection().addRange(this.range);
    else this.box.setSelectionRange();
    if (text) document.execCommand("insertText", false, text);
  }

  /** What sending does if nothing else is chosen. */
  becomes(then) {
    const button = this.composer.querySelector(".btn-split [name=then]");
    const line = this.composer.querySelector(`#send-as [value="${CSS.escape(then)}"] .trunc`);
    if (!button || !line) return;
    button.value = then;
    button.firstChild.data = line.textContent;
  }

  refused(why) {
    const place = this.composer.querySelector(".composer-e");
    place.lastElementChild.textContent = why.startsWith("<") ? "" : why;
    place.hidden = false;
  }
}

customElements.define("bw-macros", Macros);
