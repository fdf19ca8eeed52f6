// Says while a part of the page could not be brought up to date, and tries again when asked.
import { refresh } from "./fragment.js";

class Stale extends HTMLElement {
  connectedCallback() {
    addEventListener("bw:stale", ({ detail: { any } }) => (this.hidden = !any));
    this.querySelector("button").onclick = () => refresh(null);
  }
}

customElements.define("bw-stale", Stale);
