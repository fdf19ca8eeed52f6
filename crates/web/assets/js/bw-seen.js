// What somebody was told of a case is read once they have it on their screen.
import { painted } from "./paint.js";

class Seen extends HTMLElement {
  connectedCallback() {
    this.look = () => document.hidden || this.say();
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.look);
  }

  say() {
    document.removeEventListener("visibilitychange", this.look);
    // What fails is said again with the next page.
    const send = () => fetch(this.dataset.to, { method: "POST", headers: { "x-fragment": "seen" } });
    painted().then(send).catch(() => {});
  }
}

customElements.define("bw-seen", Seen);
