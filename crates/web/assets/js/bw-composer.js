// Keeps the draft while it is written, takes files at once, says when something new came meanwhile, and sends nothing
// before the desk has all of it. What the desk cannot take stays in this browser, and is brought to it later.
import { attach } from "./attach.js";
import "./bw-editor.js";
import { choose, chooseByKey, isChosen, suggest } from "./to-whom.js";

const WAIT = 800;
const TROUBLE = ["kept", "unsent", "attaching", "unattached"];

class Composer extends HTMLElement {
  connectedCallback() {
    const { signal } = (this.gone = new AbortController());
    this.form = this.querySelector("form");
    this.editor = this.querySelector("bw-editor");
    customElements.upgrade(this.editor); // In a page that comes later, what is inside has its turn after this.
    this.text = this.editor.box; // It behaves like the field that it stands over.
    this.warning = this.querySelector(".composer-warn");
    this.store = `bellwether-draft:${this.dataset.me}:${this.dataset.draft}`;
    this.uploads = new Set();
    this.tries = 0;
    this.form.addEventListener("input", ({ target }) => target.type !== "file" && this.typed(target));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => {
      if (chooseByKey(event)) return;
      // Enter sends nothing, wherever it is pressed: what sends has keys of its own.
      if (event.key === "Enter" && event.target.matches("input:not([type=file])")) event.preventDefault();
    });
    this.warning.querySelector("button").onclick = () => this.look();
    document.addEventListener("bw:changed", ({ target, detail }) => target.id === "spine" && detail.count && this.came(detail.arrived), { signal });
    for (const kind of ["online", "bw:back"]) addEventListener(kind, () => this.dirty && this.save(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.sent && location.reload(), { signal });
    attach(this);
    this.restore();
  }

  disconnectedCallback() {
    this.gone.abort();
    clearTimeout(this.timer);
    this.leave();
  }

  /** What is not saved yet is kept here, too, in case it does not arrive. */
  leave() {
    if (!this.dirty || this.sent) return;
    this.keep();
    this.put(true);
  }

  typed(field) {
    if (field.matches("#to, #cc")) {
      choose(this.form);
      suggest(field);
    } else if (field.id === "supplier") suggest(field);
    this.changed();
  }

  changed() {
    if (this.sent) return;
    this.dirty = true;
    if (!this.told) this.say(""); // What was saved is no longer what stands here.
    this.later(WAIT);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** One after the other, so that an older text never arrives after a newer one. Answers whether the desk has it. */
  save() {
    clearTimeout(this.timer);
    return (this.saving = Promise.resolve(this.saving).then(() => this.put(false)));
  }

  async put(leaving) {
    const gone = [...this.form.querySelectorAll(".file-on [type=checkbox]:not(:checked)")];
    for (const it of gone) it.disabled = true; // What is being taken out cannot be ticked again.
    this.dirty = false;
    if (!this.told) this.say("saving"); // Trouble stands there until it is over.
    try {
      const headers = { "x-fragment": "draft" };
      const signal = leaving ? undefined : AbortSignal.timeout(15_000);
      const answer = await fetch(this.dataset.draft, { method: "PUT", body: this.fields(), headers, keepalive: leaving, signal });
      if (answer.status === 401) dispatchEvent(new CustomEvent("bw:signed-out"));
      if (!answer.ok) throw new Error(answer.statusText);
      this.dataset.at = answer.headers.get("x-draft-at");
      localStorage.removeItem(this.store);
      for (const it of gone) it.closest(".file").remove();
      this.tries = 0;
      this.say(this.dirty ? "" : "saved");
      return true;
    } catch {
      for (const it of gone) it.disabled = false;
      this.dirty = true;
      this.keep();
      this.say("kept");
      dispatchEvent(new CustomEvent("bw:line", { detail: { up: false } }));
      this.tries += 1;
      this.later(Math.min(4000 * this.tries, 60_000));
      return false;
    }
  }

  fields() {
    const fields = new FormData(this.form);
    for (const it of isChosen() ? ["files"] : ["files", "to", "cc"]) fields.delete(it);
    return new URLSearchParams(fields);
  }

  keep() {
    const { kind, text, html, to, cc, supplier } = Object.fromEntries(this.fields());
    localStorage.setItem(this.store, JSON.stringify({ kind, text, html, to, cc, supplier, at: Number(this.dataset.at) }));
  }

  /** What an earlier page could not bring to the desk, unless the desk has had a newer draft since. */
  restore() {
    const kept = JSON.parse(localStorage.getItem(this.store));
    if (!kept) return;
    if (kept.at < Number(this.dataset.at)) return localStorage.removeItem(this.store);
    this.editor.show(kept.text, kept.html);
    const kind = this.form.querySelector(`[name=kind][value="${CSS.escape(kept.kind)}"]`);
    if (kind) kind.checked = true;
    if (kept.to !== undefined && this.form.elements.to) {
      this.form.elements.to.value = kept.to;
      this.form.elements.cc.value = kept.cc;
      choose(this.form);
    }
    if (kept.supplier && this.form.elements.supplier) this.form.elements.supplier.value = kept.supplier;
    this.changed();
  }

  /** Whether a note is written: that has words and files, and nothing else. */
  isNote() {
    return this.form.elements.kind.value === "note";
  }

  /** The desk has what is written. */
  async settle() {
    if (this.dirty) await this.save();
    clearTimeout(this.timer);
    this.dirty = false;
  }

  async submit(event) {
    if (this.ready) return void (this.ready = false);
    event.preventDefault();
    if (this.sent) return; // A second click sends nothing twice.
    this.sent = true;
    if (this.uploads.size) this.say("attaching");
    while (this.uploads.size) await Promise.all(this.uploads);
    const isRefused = this.querySelector(".file.risk");
    const isKept = !isRefused && (await this.save());
    clearTimeout(this.timer);
    if (!isKept) {
      this.sent = false;
      this.changed();
      return this.say(isRefused ? "unattached" : "unsent");
    }
    this.ready = true;
    if (this.isNote()) this.keepPictures();
    this.form.requestSubmit(event.submitter);
    // Whoever stops the browser on its way sends again; the form's id makes one thing of both.
    setTimeout(() => (this.sent = false), 10_000);
  }

  /** A note shows no pictures in its text: they come as files. */
  keepPictures() {
    for (const value of this.editor.pictures()) {
      this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "file", value }));
    }
  }

  /** Something new is in the conversation. Whoever is writing is told; whoever is not has it before their eyes. */
  came(arrived) {
    if (!this.text.value.trim()) return this.seen();
    const answer = arrived.findLast((it) => !it.matches(".entry-supplier") && it.querySelector(".msg-ours"));
    const words = this.warning.querySelector("[data-answered]");
    if (answer) words.textContent = words.dataset.answered.replace("{who}", answer.querySelector("header b").textContent);
    this.warning.hidden = false;
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

  /** Only trouble is read aloud; that all is well stands there quietly. */
  say(what) {
    const isTrouble = TROUBLE.includes(what);
    const trouble = this.querySelector(".composer-e");
    const words = this.dataset[what] ?? "";
    this.querySelector(".composer-state").textContent = isTrouble ? "" : words;
    if (isTrouble && trouble.textContent !== words) trouble.lastElementChild.textContent = words;
    if (isTrouble || this.told) trouble.hidden = !isTrouble;
    this.told = isTrouble;
  }
}

customElements.define("bw-composer", Composer);
