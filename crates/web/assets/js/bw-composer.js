// Keeps the draft while it is written, takes files at once, and says when something new came meanwhile.
import { attach } from "./attach.js";

const WAIT = 800;

class Composer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.text;
    this.state = this.querySelector(".composer-state");
    this.warning = this.querySelector(".composer-warn");
    this.store = `bellwether-draft:${this.dataset.draft}`;
    this.restore();
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.changed());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("#to, #cc")) event.preventDefault(); // Enter there is no "send".
    });
    this.warning.querySelector("button").onclick = () => this.look();
    document.addEventListener("bw:changed", ({ detail }) => (this.warning.hidden = !(detail.count && this.dirty) && this.warning.hidden));
    addEventListener("online", () => this.dirty && this.save());
    addEventListener("bw:back", () => this.dirty && this.save());
    addEventListener("pagehide", () => this.timer && this.save(true));
    attach(this);
  }

  get dirty() {
    return this.form.hasAttribute("data-dirty");
  }

  changed() {
    this.form.toggleAttribute("data-dirty", true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    this.timer = null;
    const fields = new FormData(this.form);
    fields.delete("files");
    const csrf = fields.get("csrf");
    const body = new URLSearchParams(fields);
    this.say("saving");
    try {
      const headers = { "x-csrf": csrf, "x-fragment": "draft" };
      const answer = await fetch(this.dataset.draft, { method: "PUT", body, headers, keepalive: leaving });
      if (!answer.ok && answer.status < 500) return this.say("lost");
      if (!answer.ok) throw new Error(answer.statusText);
      localStorage.removeItem(this.store);
      this.say("saved");
    } catch {
      localStorage.setItem(this.store, this.text.value);
      this.say("kept");
    }
  }

  /** What an earlier page could not bring to the server. */
  restore() {
    const kept = localStorage.getItem(this.store);
    if (!kept || kept === this.text.value) return;
    this.text.value = kept;
    this.changed();
  }

  submit(event) {
    if (this.sent) return event.preventDefault(); // A second click sends nothing twice.
    this.sent = true;
    clearTimeout(this.timer);
    this.timer = null;
    localStorage.removeItem(this.store);
    addEventListener("pageshow", () => (this.sent = false), { once: true });
  }

  look() {
    this.warning.hidden = true;
    document.querySelector(".conv-scroll")?.scrollTo({ top: 0, behavior: "smooth" });
    this.text.focus();
  }

  say(what) {
    this.state.textContent = this.dataset[what];
  }
}

customElements.define("bw-composer", Composer);
