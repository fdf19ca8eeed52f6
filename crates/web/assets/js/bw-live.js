// One stream per browser. The tab that holds the lock listens and tells the others what changed; each fetches its own
// parts again. Without locks (no secure context) each visible tab listens for itself.
import { tellArrivals } from "./arrivals.js";
import { refresh } from "./fragment.js";

const NAME = "bellwether-live";

class Live extends HTMLElement {
  connectedCallback() {
    this.shared = "locks" in navigator && "BroadcastChannel" in window;
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && (this.start(), this.take({ gap: true })));
    addEventListener("bw:back", () => this.take({ gap: true }));
    if (!this.shared) document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
    tellArrivals(this.dataset);
    this.start();
  }

  start() {
    if (this.source || this.asking) return;
    if (!this.shared) return void (document.hidden || this.open());
    this.tabs = new BroadcastChannel(NAME);
    this.tabs.onmessage = ({ data }) => this.take(data);
    const asking = (this.asking = new AbortController());
    const hold = () => new Promise((release) => (asking.signal.aborted ? release() : ((this.release = release), this.open())));
    const follow = () => {
      // What happened between this page and its place among the tabs is fetched again; the leader's stream says so itself.
      this.take({ gap: true });
      return navigator.locks.request(NAME, { signal: asking.signal }, hold);
    };
    // Waiting for the lock must not be a part of asking whether it is free.
    const isFree = (lock) => (lock ? hold().then(() => true) : false);
    navigator.locks.request(NAME, { ifAvailable: true }, isFree).then((had) => had || follow()).catch(() => {});
  }

  stop() {
    this.source?.close();
    this.asking?.abort();
    this.release?.();
    this.tabs?.close();
    this.source = this.release = this.asking = this.tabs = null;
  }

  open() {
    // Each stream begins with a gap, so that nothing is missed between two of them.
    this.source = new EventSource(this.dataset.stream);
    this.source.onopen = () => ((this.closed = false), this.share({ line: true }));
    this.source.onmessage = ({ data }) => this.share(JSON.parse(data));
    this.source.addEventListener("gap", () => this.share({ gap: true }));
    this.source.onerror = () => {
      this.share({ line: false });
      if (this.source?.readyState !== EventSource.CLOSED) return; // The browser tries again by itself.
      // The server refused, perhaps since nobody is signed in any more: what is fetched now finds out.
      if (!this.closed) this.share({ gap: true });
      this.closed = true;
      setTimeout(() => this.source && this.open(), 10_000);
    };
  }

  share(news) {
    this.tabs?.postMessage(news);
    this.take(news);
    // Only this tab hears it from the desk.
    if (news.changed?.includes("notifications")) dispatchEvent(new CustomEvent("bw:told"));
  }

  take({ changed, gap, line }) {
    if (line !== undefined) dispatchEvent(new CustomEvent("bw:line", { detail: { up: line } }));
    else if (gap || changed) refresh(gap ? null : changed);
  }
}

customElements.define("bw-live", Live);
