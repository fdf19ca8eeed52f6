// Says below a reply what it promises while it is written. What is ticked there is kept track of when it is sent.

const WAIT = 600;
const LONG = 10_000;

class Promised extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form.addEventListener("input", ({ target }) => this.contains(target) || this.later());
    this.form.addEventListener("keydown", (event) => this.press(event));
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT);
  }

  async look() {
    const fields = new FormData(this.form);
    const text = fields.get("kind") !== "reply" ? "" : (fields.get("text") ?? "");
    if (text === this.asked) return;
    this.asked = text;
    if (!text.trim()) return this.replaceChildren();
    try {
      const headers = { "x-fragment": "promises" };
      const body = new URLSearchParams({ text });
      const answer = await fetch(this.dataset.found, { method: "POST", body, headers, signal: AbortSignal.timeout(LONG) });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (this.asked === text) this.tell(found); // Else a newer text is asked about.
    } catch {
      this.asked = null; // With the next letter it is asked again.
    }
  }

  /** What was ticked stays so, while it still stands there. */
  tell(found) {
    const ticked = new Set(this.boxes().filter((it) => it.checked).map((it) => it.value));
    this.replaceChildren(...document.importNode(found, true).childNodes);
    for (const it of this.boxes()) it.checked = ticked.has(it.value);
  }

  boxes() {
    return [...this.querySelectorAll("[type=checkbox]")];
  }

  /** The key ticks the next one. */
  press(event) {
    if (event.code !== "KeyP" || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const next = this.boxes().find((it) => !it.checked);
    if (!next || !this.checkVisibility()) return;
    event.preventDefault();
    next.click();
  }
}

customElements.define("bw-promise", Promised);
