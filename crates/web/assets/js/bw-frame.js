// Gives the frame of a mail the height of what is in it. Nothing in the frame runs; we only measure it from outside.

class Frame extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.frame.addEventListener("load", () => this.watch());
    if (this.frame.contentDocument?.readyState === "complete") this.watch();
  }

  disconnectedCallback() {
    this.observer?.disconnect();
  }

  watch() {
    const page = this.frame.contentDocument;
    if (!page?.body || page.URL === "about:blank") return;
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.fit(page));
    this.observer.observe(page.documentElement);
    this.observer.observe(page.body);
    page.addEventListener("keydown", (event) => this.pass(event));
    this.fit(page);
  }

  /** Keys work also after a click into the mail: they are pressed once more out here. */
  pass(event) {
    const again = new KeyboardEvent("keydown", event);
    if (!this.frame.dispatchEvent(again)) event.preventDefault();
  }

  fit(page) {
    const wanted = Math.ceil(Math.max(page.documentElement.offsetHeight, page.body.getBoundingClientRect().bottom, 24));
    // A mail that sizes itself by its window would grow for ever; this stops it at a generous length.
    // A bar below what is too wide takes room, too.
    const bar = page.documentElement.scrollWidth > page.documentElement.clientWidth ? 17 : 0;
    const height = Math.min(wanted + bar, 20_000);
    if (Math.abs(height - this.frame.clientHeight) > 1) this.frame.style.height = `${height}px`;
  }
}

customElements.define("bw-frame", Frame);
