// What comes from Word or from the web, without its looks: lines, lists, links, and what was bold or slanted.

const KEPT = new Map(Object.entries({
  A: "a", B: "b", STRONG: "b", I: "i", EM: "i", U: "u", S: "s", STRIKE: "s", DEL: "s", CODE: "code", TT: "code", KBD: "code",
  PRE: "pre", BLOCKQUOTE: "blockquote", UL: "ul", OL: "ol", LI: "li", BR: "br", P: "div", DIV: "div", TR: "div",
  H1: "div", H2: "div", H3: "div", H4: "div", H5: "div", H6: "div", SECTION: "div", ARTICLE: "div",
}));
const GONE = "SCRIPT, STYLE, TITLE, META, LINK, HEAD, IFRAME, OBJECT, SVG, IMG, INPUT, BUTTON, TEMPLATE";
const ADDRESS = /^(https?:|mailto:|tel:)/i;

/** The HTML in our own words; empty if it says nothing that a person reads. */
export function cleaned(html) {
  const from = new DOMParser().parseFromString(html, "text/html").body;
  const into = document.createElement("div");
  copy(from, into);
  return into.textContent.trim() ? into.innerHTML : "";
}

function copy(from, into) {
  for (const it of from.childNodes) {
    if (it.nodeType === Node.TEXT_NODE) text(it, from, into);
    else if (it.nodeType === Node.ELEMENT_NODE && !it.matches(GONE)) element(it, into);
  }
}

function text(it, from, into) {
  const isPre = into.closest("pre");
  const words = isPre ? it.data : it.data.replace(/[ \t\r\n]+/g, " ");
  // Between boxes there is nothing to read.
  if (words.trim() || (words && [...from.children].every((child) => !/^(div|ul|ol|blockquote|pre)$/.test(KEPT.get(child.nodeName))))) into.append(words);
}

function element(it, into) {
  const name = KEPT.get(it.nodeName);
  let place = into;
  if (name) place = within(place, name);
  if (name === "a" && ADDRESS.test(it.getAttribute("href"))) place.setAttribute("href", it.getAttribute("href"));
  // What Word and the web make bold and slanted by their looks. A bold frame around everything is no word.
  const looks = it.getAttribute("style") ?? ""; // Our policy keeps its words from becoming looks, so they are read.
  const isBox = it.nodeName === "B" && /font-weight:\s*(normal|400)/i.test(looks);
  if (isBox) place = unwrapped(place, into);
  if (!isBox && name !== "b" && /font-weight:\s*(bold|[6-9]00)/i.test(looks)) place = within(place, "b");
  if (name !== "i" && /font-style:\s*italic/i.test(looks)) place = within(place, "i");
  if (/^H[1-6]$/.test(it.nodeName)) place = within(place, "b");
  copy(it, place);
  if (it.matches("TD, TH")) place.append(" ");
}

function within(place, name) {
  const fresh = document.createElement(name);
  place.append(fresh);
  return fresh;
}

function unwrapped(place, into) {
  place.remove();
  return into;
}
