// Puts a fresh page in the place of the one that is shown. What came as it came before stays as it is: open, scrolled,
// with what runs in it.

/** Elements that stay while their children are compared, one by one. */
const PARTS = "body, .app, .nav, .nav-foot, .inbox, .pane-list, #list, .cases, .notices";

/** What stands beside what one came to read has its turn after that. */
const BESIDE = ".pane-side";

/** What came from the desk for an element: script may have changed it since. */
const came = new WeakMap();

/** Notes what came with a page. It is called before anything runs there, and before it is shown. */
export function remember(page) {
  for (const part of page.querySelectorAll(PARTS)) {
    for (const it of part.children) if (!it.matches(PARTS)) came.set(it, it.outerHTML);
  }
}

/** What is left of the last page. */
let rest = [];

/** Puts `fresh` in the place of `old`, but for what can wait until that is seen. */
export function patchFirst(old, fresh) {
  rest = [];
  patch(old, fresh);
}

/** Puts what was left in its place as well. */
export function patchRest() {
  for (const [old, fresh] of rest.splice(0)) if (old.isConnected) become(old, fresh);
}

/** Makes the children of `old` those of `fresh`. */
function patch(old, fresh) {
  const wanted = new Set([...fresh.children].map(nameOf));
  const mine = new Map();
  for (const it of [...old.children]) {
    if (wanted.has(nameOf(it)) && !mine.has(nameOf(it))) mine.set(nameOf(it), it);
    else it.remove();
  }
  let last = null;
  for (const child of [...fresh.children]) {
    const known = mine.get(nameOf(child));
    mine.delete(nameOf(child));
    const it = known ? turn(known, child) : document.adoptNode(child);
    const next = last ? last.nextElementSibling : old.firstElementChild;
    if (next !== it) old.insertBefore(it, next);
    last = it;
  }
}

/** What makes an element the same one as before; its looks may change. */
function nameOf(it) {
  return it.id || `${it.localName}.${it.classList[0] ?? ""}`;
}

function turn(old, fresh) {
  if (!fresh.matches(BESIDE)) return become(old, fresh);
  rest.push([old, fresh]);
  return old;
}

function become(old, fresh) {
  if (!old.matches(PARTS) || !fresh.matches(PARTS)) {
    const source = came.get(fresh);
    if (source && came.get(old) === source) return old;
    old.replaceWith(document.adoptNode(fresh));
    return fresh;
  }
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  patch(old, fresh);
  return old;
}
