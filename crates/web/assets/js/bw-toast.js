// What was just done is told for a while, and stays while somebody is at it. Its address is not one to come back to.
import { rename } from "./visit.js";

class Toast extends HTMLElement {
  connectedCallback() {
    const here = new URL(location);
    here.searchParams.delete("done");
    rename(here);
    const go = () => (this.matches(":hover, :focus-within") ? this.wait(go, 1000) : this.remove());
    this.wait(go, this.dataset.for * 1000);
  }

  wait(then, time) {
    this.timer = setTimeout(then, time);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("bw-toast", Toast);
