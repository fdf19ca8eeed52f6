// Says that the session is over, and leads to the sign-in page and back to where one was.

class SignedOut extends HTMLElement {
  connectedCallback() {
    addEventListener("bw:signed-out", () => {
      this.querySelector("a").href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
      this.hidden = false;
    });
    // Signed in again, by another tab.
    addEventListener("bw:line", ({ detail: { up } }) => up && (this.hidden = true));
  }
}

customElements.define("bw-signed-out", SignedOut);
