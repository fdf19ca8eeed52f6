// Goes to another page of the desk without leaving the document: fetches it, and changes what is different there. Links,
// forms and addresses are the same without script. What is no page of the desk is left to the browser.
import { journal, refresh } from "./fragment.js";
import { painted } from "./paint.js";
import { patchFirst, patchRest, remember } from "./patch.js";

/** Whoever waits longer sees that something is on its way. */
const SLOW = 150;
/** Where somebody stays so long they probably go; what was fetched for that is as good as new for a while. */
const STAY = 60;
const FRESH = 10_000;
const root = document.documentElement;
const pathOf = (url) => url.pathname + url.search;

let here = pathOf(location);
/** What one waits for, and what was asked for beforehand. */
let running = null;
let ready = null;

/** Goes there, as a link does. */
export function visit(address) {
  go({ url: new URL(address, location) });
}

/** Gives what is shown another address. */
export function rename(url) {
  history.replaceState(history.state, "", url);
  here = pathOf(url);
}

/** `isBack` leaves the history as it is. */
async function go({ url, body, isBack = false }) {
  if (body && running?.body) return; // What is being sent is sent once.
  if (!running?.body) running?.drop();
  clearTimeout(prepare.soon);
  const mine = (running = (!body && taken(url)) || ask(url, body));
  if (body) ready = ready?.drop();
  root.dataset.visiting = "";
  const slow = setTimeout(() => running === mine && (root.dataset.visiting = "slow"), SLOW);
  try {
    const page = await mine.page.catch(() => null);
    if (running !== mine) return;
    // The page stays, with all that is written there; the banner says why.
    if (!page) return void dispatchEvent(new CustomEvent("bw:line", { detail: { up: false } }));
    if (!isOurs(page.fresh)) return leave(page, { url, body });
    // What is said of something that was not accepted has no address of its own.
    const at = body && !page.answer.redirected ? location : page.answer.url;
    show(page.fresh, Object.assign(new URL(at), { hash: url.hash }), isBack);
    await painted();
    patchRest();
    refresh([...mine.heard, "views"]); // A page does not wait until the cases of saved views are counted.
  } finally {
    mine.end();
    clearTimeout(slow);
    if (running === mine) {
      running = null;
      delete root.dataset.visiting;
    }
  }
}

/** Asks for a page, and listens meanwhile: it may not know of what happens now. */
function ask(url, body) {
  const stop = new AbortController();
  const request = { method: body ? "POST" : "GET", body, headers: { accept: "text/html" }, signal: stop.signal };
  const page = fetch(url, request).then(async (answer) => {
    const { headers } = answer;
    const isPage = headers.get("content-type")?.startsWith("text/html") && !headers.has("content-disposition");
    if (!isPage) stop.abort();
    const text = isPage ? await answer.text() : "";
    const fresh = new DOMParser().parseFromString(text, "text/html");
    remember(fresh);
    return { answer, text, fresh };
  });
  const news = journal();
  const drop = () => (news.end(), stop.abort());
  return { href: url.href, since: performance.now(), body, page, drop, ...news };
}

/** Asks for what a link leads to before anybody goes there. */
function prepare(link) {
  clearTimeout(prepare.soon);
  const url = link && new URL(link.href);
  if (!url || pathOf(url) === here || ready?.href === url.href) return;
  prepare.soon = setTimeout(() => {
    ready?.drop();
    const mine = (ready = ask(url));
    mine.page.catch(() => ready === mine && (ready = null)); // Whoever goes there asks again.
  }, STAY);
}

function taken({ href }) {
  const mine = ready;
  ready = null;
  if (mine?.href === href && performance.now() - mine.since < FRESH) return mine;
  mine?.drop();
  return null;
}

/** Leaves the document to what is no page of its frame. */
function leave({ answer, text }, { url, body }) {
  if (!body) return location.assign(url);
  if (answer.redirected) return location.assign(answer.url);
  // What the desk says to what was sent can be had only once.
  document.open();
  document.write(text);
  document.close();
}

/** A page with the frame of this one, of the same version. */
function isOurs(fresh) {
  const style = (of) => of.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  return Boolean(fresh.querySelector(".app")) && style(fresh) === style(document);
}

function show(fresh, url, isBack) {
  for (const it of document.querySelectorAll(":popover-open")) it.hidePopover();
  for (const it of document.querySelectorAll("dialog[open]")) it.close();
  const scrolled = isSame(url) ? tops() : null;
  if (!isBack) goOn(url);
  here = pathOf(url);
  document.title = fresh.title;
  delete root.dataset.theme;
  Object.assign(root.dataset, fresh.documentElement.dataset);
  document.activeElement?.blur();
  const first = fresh.querySelector("[autofocus]");
  first?.removeAttribute("autofocus"); // The browser looks for it only where nothing ever had the focus.
  patchFirst(document.body, fresh.body);
  if (scrolled) patchRest(); // What was done there is seen in one piece.
  for (const [name, top] of scrolled ?? []) document.querySelector(name)?.scrollTo({ top, behavior: "instant" });
  if (!scrolled) scrollTo(0, (isBack && history.state?.top) || 0);
  if (url.hash) location.replace(url.hash);
  if (first) document.getElementById(first.id)?.focus();
  document.getElementById("arrived").textContent = document.title;
  dispatchEvent(new CustomEvent("bw:visited"));
}

/** What is scrolled in this page, and how far. */
function tops() {
  const nameOf = (it) => (it.id ? `#${CSS.escape(it.id)}` : it.localName + (it.classList.length ? `.${CSS.escape(it.classList[0])}` : ""));
  return [...document.querySelectorAll(".app *")].filter((it) => it.scrollTop).map((it) => [nameOf(it), it.scrollTop]);
}

/** Whoever comes back is where they were. */
function goOn(url) {
  if (isSame(url)) return history.replaceState(history.state, "", pathOf(url));
  history.replaceState({ top: scrollY }, "");
  history.pushState(null, "", pathOf(url));
}

/** Whether it is the page that is shown, perhaps after something was done there. */
function isSame(url) {
  const bare = new URL(url);
  bare.searchParams.delete("done");
  return pathOf(bare) === here;
}

/** Whether it stays in this tab, on this desk. */
function isHere(url, target) {
  return url.origin === location.origin && (!target || target === "_self") && document.querySelector(".app");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const isPlain = !event.defaultPrevented && !event.button && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.isContentEditable || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  // A place on this page is the browser's to find.
  if (!isHere(url, link.target) || (url.hash && pathOf(url) === here)) return;
  event.preventDefault();
  go({ url });
});

for (const kind of ["focusin", "pointerover"]) {
  document.addEventListener(kind, ({ target }) => {
    const link = target.closest?.("[data-list] a[href]");
    if (link) prepare(link);
  });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const of = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  const url = new URL(of("action") || location, location);
  const method = of("method").toLowerCase();
  if (event.defaultPrevented || method === "dialog" || !isHere(url, of("target"))) return;
  event.preventDefault();
  const fields = new FormData(form, submitter);
  if (method === "post") return void go({ url, body: of("enctype") === "multipart/form-data" ? fields : new URLSearchParams(fields) });
  url.search = new URLSearchParams(fields);
  go({ url });
});

addEventListener("popstate", () => {
  // A place on the same page needs nothing.
  if (pathOf(location) !== here) go({ url: new URL(location), isBack: true });
});

remember(document);
