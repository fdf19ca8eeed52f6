// What one is told, beside the navigation: a list that opens in place, and what the device shows while a tab is open.
// Without script the bell is a link to a page.
import { visit } from "./visit.js";

/** Whoever looks at a case has seen it within this, and need not be told by their device. */
const PATIENCE = 2000;
const STORE = "bellwether-told";

class Bell extends HTMLElement {
  connectedCallback() {
    const { signal } = (this.gone = new AbortController());
    this.link = this.querySelector("a");
    this.notes = document.getElementById("notes");
    this.link.addEventListener("pointerdown", () => (this.was = this.isOpen()));
    this.link.addEventListener("click", (event) => this.press(event));
    this.notes.addEventListener("toggle", ({ newState }) => this.mark(newState === "open"), { signal });
    this.notes.addEventListener("submit", (event) => this.post(event), { signal });
    // Only the tab that has the line to the desk shows anything, so that one thing is shown once.
    addEventListener("bw:told", () => (this.timer ??= setTimeout(() => this.show(), PATIENCE)), { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  isOpen() {
    return this.notes.matches(":popover-open");
  }

  mark(open) {
    this.link.ariaExpanded = String(open);
    // A list that nobody sees is not kept current.
    if (!open) this.notes.replaceChildren();
  }

  async press(event) {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || matchMedia("(max-width: 48rem)").matches;
    if (elsewhere || this.link.ariaCurrent) return;
    event.preventDefault();
    const close = event.detail ? this.was : this.isOpen();
    if (close) return this.isOpen() && this.notes.hidePopover();
    this.load(event.detail === 0);
  }

  /** The list as it is now, with the cursor in it. */
  async load(focusVisible) {
    try {
      const answer = await fetch(this.notes.dataset.src, { headers: { accept: "text/html", "x-fragment": "notes" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.notes.replaceChildren(...[...fresh.body.children].map((it) => document.importNode(it, true)));
      if (!this.isOpen()) this.notes.showPopover();
      (this.notes.querySelector(".notei") ?? this.notes.querySelector("a"))?.focus({ focusVisible });
    } catch {
      visit(this.link.href); // The page says what is wrong.
    }
  }

  /** What is read stays where it is, and shows it at once. */
  async post(event) {
    event.preventDefault();
    await fetch(event.target.action, { method: "POST", redirect: "manual" }).catch(() => {});
    this.load(false);
  }

  async show() {
    this.timer = null;
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const after = Math.max(Number(this.dataset.now), Number(localStorage.getItem(STORE)));
    const answer = await fetch(`${this.dataset.fresh}?after=${after}`, { headers: { "x-fragment": "device" } }).catch(() => null);
    if (!answer?.ok) return;
    const { until, lines } = await answer.json();
    localStorage.setItem(STORE, until);
    for (const { tag, title, body, address } of lines.reverse()) {
      const it = new Notification(title, { tag, body });
      it.onclick = () => (window.focus(), visit(address), it.close());
    }
  }
}

customElements.define("bw-bell", Bell);
