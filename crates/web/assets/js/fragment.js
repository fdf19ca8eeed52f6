// Fetches parts of a page again and puts them in the place of the old ones, without taking anything from under a
// reader's eyes, pointer or cursor. Parts with the same address come in one answer.
import { remember } from "./patch.js";

/** A request that takes longer is given up, so that the next one has its turn. */
const LONG = 15_000;
/** So long a hidden page gathers what changed, and so long one waits after what went wrong. */
const SELDOM = 3000;
const AGAIN = 20_000;
const ALL = "*";

const missed = new Set();
const journals = new Set();
let timer = null;

/** Fetches every part that one of these topics concerns; all of them if there are none. */
export function refresh(topics) {
  for (const it of topics ?? [ALL]) {
    missed.add(it);
    for (const heard of journals) heard.add(it);
  }
  timer ??= setTimeout(catchUp, document.hidden ? SELDOM : 0);
}

/** What is heard from now on: a page that was asked for before may not know of it. */
export function journal() {
  const heard = new Set();
  journals.add(heard);
  return { heard, end: () => journals.delete(heard) };
}

document.addEventListener("visibilitychange", () => document.hidden || catchUp());

function catchUp() {
  clearTimeout(timer);
  timer = null;
  const sources = new Set();
  for (const part of document.querySelectorAll("[data-live][data-src]")) {
    const its = part.dataset.live.split(",").map((it) => it.trim());
    if (missed.has(ALL) || its.some((it) => missed.has(it))) sources.add(part.dataset.src);
  }
  missed.clear();
  sources.forEach(fetchAgain);
}

const waiting = new Set();
const running = new Set();
const retries = new Map();

async function fetchAgain(source) {
  if (!parts(source).length) return; // Its page is no longer shown.
  if (running.has(source)) return void waiting.add(source); // Once more when the running one is done: it may be too old.
  running.add(source);
  clearTimeout(retries.get(source));
  const status = await fetchOnce(source);
  running.delete(source);
  for (const part of parts(source)) part.toggleAttribute("data-stale", status !== 200);
  tellStale();
  if (status === 401) dispatchEvent(new CustomEvent("bw:signed-out"));
  else if (!status || status >= 500) dispatchEvent(new CustomEvent("bw:line", { detail: { up: false } }));
  if (waiting.delete(source)) fetchAgain(source);
  else if (status !== 200 && status !== 401) retries.set(source, setTimeout(() => fetchAgain(source), AGAIN));
}

function tellStale() {
  dispatchEvent(new CustomEvent("bw:stale", { detail: { any: Boolean(document.querySelector("[data-stale]")) } }));
}

/** Answers the status; none if there was no answer. */
async function fetchOnce(source) {
  try {
    const headers = { accept: "text/html", "x-fragment": "live" };
    const answer = await fetch(source, { headers, signal: AbortSignal.timeout(LONG) });
    if (answer.status !== 200) return answer.status;
    const all = new DOMParser().parseFromString(await answer.text(), "text/html");
    remember(all);
    for (const { id } of parts(source)) {
      const fresh = all.getElementById(id);
      if (fresh) place(id, document.adoptNode(fresh));
    }
    return 200;
  } catch {
    return 0; // The line is down: the banner says so, and everything is fetched again when it is back.
  }
}

function parts(source) {
  return [...document.querySelectorAll("[data-live][data-src]")].filter((it) => it.dataset.src === source);
}

function place(id, fresh) {
  const old = document.getElementById(id);
  if (old.matches("[data-merge]")) merge(old, fresh);
  else if (isBusy(old)) whenFree(old, () => swap(old, fresh));
  else swap(old, fresh);
}

function swap(old, fresh) {
  const tops = scrollers(old).map((it) => it.scrollTop);
  // What was looked for beside it is not looked for again, and stays under the keys.
  for (const it of fresh.querySelectorAll("[data-source]")) {
    const mine = old.querySelector(`[data-source="${CSS.escape(it.dataset.source)}"]`);
    if (mine) it.replaceWith(mine);
  }
  old.replaceWith(fresh);
  for (const [index, it] of scrollers(fresh).entries()) it.scrollTop = tops[index] ?? 0;
  announce(fresh, []);
}

function scrollers(part) {
  return [part, ...part.querySelectorAll("[data-list]")];
}

/** Whether somebody is in it: with the cursor, in a menu, with the pointer over a list, or with words not sent yet. */
function isBusy(part) {
  const used = part.querySelector("[data-dirty], :popover-open, .case-x:checked");
  return part.matches(":focus-within") || (hasList(part) && part.matches(":hover")) || Boolean(used);
}

function hasList(part) {
  return Boolean(part.querySelector("[data-list]"));
}

/** What may have made a part free again. */
const FREED = ["focusout", "pointerleave", "submit", "toggle", "change"];

const later = new Map();
// What was fetched for the page before is no news for this one, and what was stale in it is gone with it.
addEventListener("bw:visited", () => (later.clear(), tellStale()));

function whenFree(part, act) {
  const known = later.has(part);
  later.set(part, act);
  if (known) return;
  const look = () => requestAnimationFrame(() => {
    if (!part.isConnected || isBusy(part)) return;
    for (const kind of FREED) part.removeEventListener(kind, look, true);
    later.get(part)?.();
    later.delete(part);
  });
  for (const kind of FREED) part.addEventListener(kind, look, true);
  // A list says that it waits, and can be told not to.
  const show = () => later.get(part)?.();
  if (hasList(part)) part.dispatchEvent(new CustomEvent("bw:waits", { bubbles: true, detail: { show } }));
}

/** Takes over the children that are new or have another revision; the rest stays as it is, open or scrolled. */
function merge(old, fresh) {
  const scroller = old.closest(".conv-scroll");
  const atEnd = !scroller || Math.abs(scroller.scrollTop) < 48;
  const top = scroller?.getBoundingClientRect().top ?? 0;
  const anchor = [...old.children].find((it) => it.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  const wanted = new Set([...fresh.children].map((it) => it.id));
  const arrived = [];
  for (const gone of [...old.children].filter((it) => !wanted.has(it.id) && !isBusy(it))) gone.remove();
  let last = null;
  for (const child of [...fresh.children]) {
    let mine = child.id && old.querySelector(`:scope > [id="${CSS.escape(child.id)}"]`);
    if (!mine) {
      if (child.matches("article")) arrived.push(child);
      child.classList.add("is-arriving");
      (last ? last.after(child) : old.prepend(child));
      mine = child;
    } else if (mine.dataset.rev !== child.dataset.rev && isBusy(mine)) {
      const now = mine;
      whenFree(now, () => now.replaceWith(child));
    } else if (mine.dataset.rev !== child.dataset.rev) {
      mine.replaceWith(child);
      mine = child;
    }
    last = mine;
  }
  if (!atEnd && anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  announce(old, arrived, atEnd);
}

function announce(part, arrived, atEnd = true) {
  const detail = { count: arrived.length, arrived, atEnd };
  part.dispatchEvent(new CustomEvent("bw:changed", { bubbles: true, detail }));
}
