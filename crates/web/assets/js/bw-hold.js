// A message that waits before it leaves: says how long it can be taken back, and takes it back.

class Hold extends HTMLElement {
  connectedCallback() {
    this.end ??= performance.now() + Number(this.dataset.left);
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => this.takeBack(event));
    this.tick();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  tick() {
    const left = this.end - performance.now();
    if (left <= 0) return this.over();
    this.querySelector(".hold-n").textContent = Math.ceil(left / 1000);
    this.timer = setTimeout(() => this.tick(), left % 1000 || 1000);
  }

  /** What somebody has begun to write since is kept first: both become one draft. */
  async takeBack(event) {
    if (this.ready) return;
    event.preventDefault();
    clearTimeout(this.timer);
    await document.querySelector("bw-composer")?.settle();
    this.ready = true;
    // Within its own event a form does not submit again.
    setTimeout(() => this.form.requestSubmit());
  }

  over() {
    this.form.remove();
    this.querySelector(".hold-t").textContent = this.dataset.over;
  }
}

customElements.define("bw-hold", Hold);
