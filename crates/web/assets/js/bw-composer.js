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
    document.addEventListener("bw:changed", ({ target, detail }) => target.id === "spine" && detail.count && this.came());
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
    this.state.textContent = ""; // What was saved is no longer what stands here.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  save(leaving = false) {
    clearTimeout(this.timer);
    this.timer = null;
    return (this.saving = this.put(leaving).finally(() => (this.saving = null)));
  }

  async put(leaving) {
    const fields = new FormData(this.form);
    fields.delete("files");
    const body = new URLSearchParams(fields);
    this.say("saving");
    try {
      const headers = { "x-fragment": "draft" };
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
    clearTimeout(this.timer);
    this.timer = null;
    if (this.saving) {
      // A draft that arrives after what was sent would stand there again.
      event.preventDefault();
      return void this.saving.then(() => this.form.requestSubmit(event.submitter));
    }
    this.sent = true;
    localStorage.removeItem(this.store);
    addEventListener("pageshow", () => (this.sent = false), { once: true });
  }

  /** Something new is in the conversation. Whoever is writing is told; whoever is not has it before their eyes. */
  came() {
    if (this.dirty) this.warning.hidden = false;
    else this.seen();
  }

  seen() {
    const numbers = [...document.querySelectorAll("#spine > [id^=e]")].map((it) => Number(it.id.slice(1)));
    const seen = this.form.elements.seen;
    seen.value = Math.max(seen.value, ...numbers.filter(Number.isInteger));
  }

  look() {
    this.warning.hidden = true;
    this.seen();
    document.querySelector(".conv-scroll")?.scrollTo({ top: 0, behavior: "smooth" });
    this.text.focus();
  }

  say(what) {
    this.state.textContent = this.dataset[what];
  }
}

customElements.define("bw-composer", Composer);
