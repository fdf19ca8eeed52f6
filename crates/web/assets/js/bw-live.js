// One stream per browser. The tab that holds the lock listens and tells the others what changed; each fetches its own
// parts again. Without locks (no secure context) each visible tab listens for itself.
import { refresh } from "./fragment.js";

class Live extends HTMLElement {
  connectedCallback() {
    this.shared = "locks" in navigator && "BroadcastChannel" in window;
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && (this.start(), this.take({ gap: true })));
    addEventListener("bw:back", () => this.take({ gap: true }));
    document.addEventListener("bw:changed", (event) => this.tell(event));
    if (!this.shared) document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start(true)));
    this.start();
  }

  start(again = false) {
    if (this.source || this.asking) return;
    if (again) this.take({ gap: true });
    if (!this.shared) return void (document.hidden || this.open());
    this.tabs = new BroadcastChannel("bellwether-live");
    this.tabs.onmessage = ({ data }) => this.take(data);
    this.asking = new AbortController();
    const hold = () => new Promise((release) => ((this.release = release), this.open()));
    navigator.locks.request("bellwether-live", { signal: this.asking.signal }, hold).catch(() => {});
  }

  stop() {
    this.source?.close();
    this.release?.();
    this.asking?.abort();
    this.tabs?.close();
    this.source = this.release = this.asking = this.tabs = null;
  }

  open() {
    let broken = false;
    this.source = new EventSource(this.dataset.stream);
    this.source.onopen = () => (this.line(true), broken && this.share({ gap: true }), (broken = false));
    this.source.onmessage = ({ data }) => this.share(JSON.parse(data));
    this.source.addEventListener("gap", () => this.share({ gap: true }));
    this.source.onerror = () => {
      broken = true;
      this.line(false);
      // The browser tries again by itself, unless the server refused: then we do, slowly.
      if (this.source?.readyState === EventSource.CLOSED) setTimeout(() => this.source && this.open(), 10_000);
    };
  }

  line(up) {
    this.share({ line: up });
  }

  share(news) {
    this.tabs?.postMessage(news);
    this.take(news);
  }

  take({ changed, gap, line }) {
    if (line !== undefined) dispatchEvent(new CustomEvent("bw:line", { detail: { up: line } }));
    else if (gap || changed) refresh(gap ? null : changed);
  }

  /** Says that there is something new further down, where it would have moved what is being read. */
  tell({ target, detail: { count, atEnd } }) {
    const body = target.closest(".conv-body");
    if (!body || !count || atEnd) return;
    const pill = body.querySelector(".pill-new") ?? document.createElement("button");
    const all = Number(pill.dataset.count ?? 0) + count;
    const scroller = body.querySelector(".conv-scroll");
    const leave = () => Math.abs(scroller.scrollTop) < 48 && pill.remove();
    Object.assign(pill, { className: "pill-new", type: "button", onclick: () => (scroller.scrollTo({ top: 0 }), pill.remove()) });
    pill.dataset.count = all;
    pill.textContent = all === 1 ? this.dataset.pillOne : `${all} ${this.dataset.pill}`;
    scroller.addEventListener("scroll", leave, { passive: true });
    body.append(pill);
  }
}

customElements.define("bw-live", Live);
