// Fetches a part of a page again and puts it in the place of the old one, without taking anything from under a
// reader's eyes, pointer or cursor.

const waiting = new Set();
const running = new Set();

/** Fetches every part that one of these topics concerns; all of them if there are none. */
export function refresh(topics) {
  for (const part of document.querySelectorAll("[data-live][data-src]")) {
    const its = part.dataset.live.split(",").map((it) => it.trim());
    if (!topics || its.some((it) => topics.includes(it))) fetchAgain(part.id);
  }
}

async function fetchAgain(id) {
  if (running.has(id)) return void waiting.add(id); // Once more when the running one is done: it may be too old.
  running.add(id);
  try {
    const source = document.getElementById(id)?.dataset.src;
    const answer = source && (await fetch(source, { headers: { accept: "text/html", "x-fragment": id } }));
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
      if (fresh) place(id, document.importNode(fresh, true));
    } else if (answer?.status === 401) location.reload();
  } catch {
    // The line is down: the banner says so, and everything is fetched again when it is back.
  } finally {
    running.delete(id);
    if (waiting.delete(id)) fetchAgain(id);
  }
}

function place(id, fresh) {
  const old = document.getElementById(id);
  if (!old) return;
  if (old.matches("[data-merge]")) return merge(old, fresh);
  if (isBusy(old)) return void whenFree(old, () => place(id, fresh));
  const tops = scrollers(old).map((it) => it.scrollTop);
  old.replaceWith(fresh);
  for (const [index, it] of scrollers(fresh).entries()) it.scrollTop = tops[index] ?? 0;
  announce(fresh, 0);
}

function scrollers(part) {
  return [part, ...part.querySelectorAll("[data-list]")];
}

/** Whether somebody is in it: with the cursor, with the pointer over a list, or with words not sent yet. */
export function isBusy(part) {
  const list = part.querySelector("[data-list]") || part.matches("[data-list]");
  return part.matches(":focus-within") || (list && part.matches(":hover")) || Boolean(part.querySelector("[data-dirty]"));
}

const later = new WeakMap();
function whenFree(part, act) {
  const known = later.has(part);
  later.set(part, act);
  if (known) return;
  const look = () => requestAnimationFrame(() => {
    if (!part.isConnected || isBusy(part)) return;
    for (const kind of ["focusout", "pointerleave", "submit"]) part.removeEventListener(kind, look);
    later.get(part)();
    later.delete(part);
  });
  for (const kind of ["focusout", "pointerleave", "submit"]) part.addEventListener(kind, look);
}

/** Takes over the children that are new or have another revision; the rest stays as it is, open or scrolled. */
function merge(old, fresh) {
  const scroller = old.closest(".conv-scroll");
  const atEnd = !scroller || Math.abs(scroller.scrollTop) < 48;
  const top = scroller?.getBoundingClientRect().top ?? 0;
  const anchor = [...old.children].find((it) => it.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  const wanted = new Set([...fresh.children].map((it) => it.id));
  let count = 0;
  for (const gone of [...old.children].filter((it) => !wanted.has(it.id) && !isBusy(it))) gone.remove();
  let last = null;
  for (const child of [...fresh.children]) {
    let mine = child.id && old.querySelector(`:scope > [id="${CSS.escape(child.id)}"]`);
    if (!mine) {
      if (child.matches("article")) count += 1;
      child.classList.add("is-arriving");
      (last ? last.after(child) : old.prepend(child));
      mine = child;
    } else if (mine.dataset.rev !== child.dataset.rev && !isBusy(mine)) {
      mine.replaceWith(child);
      mine = child;
    }
    last = mine;
  }
  if (!atEnd && anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  announce(old, count, atEnd);
}

function announce(part, count, atEnd = true) {
  part.dispatchEvent(new CustomEvent("bw:changed", { bubbles: true, detail: { count, atEnd } }));
}
