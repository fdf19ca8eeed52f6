// Solved cases that are like this one: looked for when the page stands, since that may take longer than the page. What
// solved one of them is put into the reply where the cursor was.
import { painted } from "./paint.js";

class Like extends HTMLElement {
  async connectedCallback() {
    // A part of the page that was fetched again took it over as it is.
    if (this.asked) return;
    this.asked = true;
    this.addEventListener("click", (event) => this.insert(event.target.closest("[data-insert]")));
    await painted();
    try {
      const answer = await fetch(this.dataset.source, { headers: { "x-fragment": "like" } });
      if (answer.ok) this.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    } catch {
      // The link to the search stays.
    }
    if (!document.querySelector("bw-macros")) for (const it of this.querySelectorAll("[data-insert]")) it.remove();
  }

  insert(button) {
    if (button) document.querySelector("bw-macros")?.insert(button.dataset.insert);
  }
}

customElements.define("bw-like", Like);
