// Asks for what is made only where somebody stays to read it: the Brief that a model writes. When it is there, the stream
// says so, and the page fetches it.

const STAY = 2000; // Whoever goes through their cases opens some only for a moment.

class Ask extends HTMLElement {
  connectedCallback() {
    this.look = () => {
      clearTimeout(this.timer);
      if (!document.hidden) this.timer = setTimeout(() => this.ask(), STAY);
    };
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }

  ask() {
    document.removeEventListener("visibilitychange", this.look);
    // What fails is asked for again with the next page.
    fetch(this.dataset.to, { method: "POST", headers: { "x-fragment": "ask" } }).catch(() => {});
  }
}

customElements.define("bw-ask", Ask);
