// Says who looks at a case and who writes there, for as long as the page is seen. Others are told at once; whoever falls
// silent is soon forgotten.
import { refresh } from "./fragment.js";
import { painted } from "./paint.js";

const BEAT = 20_000;
/** Whoever has not typed for this long does not write. */
const IDLE = 8000;

class Presence extends HTMLElement {
  connectedCallback() {
    this.page = crypto.getRandomValues(new Uint32Array(2)).join("");
    this.doing = "viewing";
    const { signal } = (this.gone = new AbortController());
    document.addEventListener("input", ({ target }) => target.closest("#composer") && this.write(), { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.come()), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.come(), { signal });
    if (!document.hidden) this.come();
  }

  disconnectedCallback() {
    this.gone.abort();
    clearTimeout(this.idle);
    painted().then(() => this.leave());
  }

  come() {
    painted().then(() => this.isConnected && !document.hidden && this.say(this.doing));
    clearInterval(this.beat);
    this.beat = setInterval(() => {
      this.say(this.doing);
      // Who has gone without a word is taken away.
      if (document.querySelector("#here-faces > *")) refresh([this.dataset.topic]);
    }, BEAT);
  }

  leave() {
    clearInterval(this.beat);
    this.say("gone");
  }

  write() {
    const note = document.querySelector("#composer [name=kind]:checked")?.value === "note";
    this.change(note ? "noting" : "writing");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.change("viewing"), IDLE);
  }

  change(doing) {
    if (doing === this.doing) return;
    this.doing = doing;
    if (!document.hidden) this.say(doing);
  }

  say(doing) {
    const body = new URLSearchParams({ page: this.page, doing });
    fetch(this.dataset.to, { method: "POST", body, keepalive: true, headers: { "x-fragment": "presence" } }).catch(() => {});
  }
}

customElements.define("bw-presence", Presence);
