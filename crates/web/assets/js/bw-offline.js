// Shows its banner while the desk cannot be reached, and says when it is back so that everything is fetched again.

class Offline extends HTMLElement {
  connectedCallback() {
    this.tries = 0;
    addEventListener("offline", () => this.check(false));
    addEventListener("online", () => this.check());
    addEventListener("bw:line", ({ detail: { up } }) => (up ? this.back() : this.check()));
  }

  /** Asks once; a stream that only changed hands is no reason for a banner. */
  async check(up) {
    clearTimeout(this.timer);
    try {
      up ??= (await fetch(this.dataset.check, { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      up = false;
    }
    if (up) return this.back();
    this.hidden = false;
    this.tries += 1;
    this.timer = setTimeout(() => this.check(), Math.min(2000 * this.tries, 20_000));
  }

  back() {
    clearTimeout(this.timer);
    this.tries = 0;
    if (this.hidden) return;
    this.hidden = true;
    dispatchEvent(new CustomEvent("bw:back"));
  }
}

customElements.define("bw-offline", Offline);
