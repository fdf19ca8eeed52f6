// A toast leaves after ten seconds, but never while somebody points at it or stands in it.

const STAY = 10_000;

class Toast extends HTMLElement {
  connectedCallback() {
    const home = document.getElementById("toasts");
    if (home && this.parentElement !== home) return void home.append(this); // It comes back here, in its place.
    for (const kind of ["pointerenter", "focusin"]) this.addEventListener(kind, () => clearTimeout(this.timer));
    for (const kind of ["pointerleave", "focusout"]) this.addEventListener(kind, () => this.wait());
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.classList.add("is-leaving");
      setTimeout(() => this.remove(), 200);
    }, STAY);
  }
}

customElements.define("bw-toast", Toast);
