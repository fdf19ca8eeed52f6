// A number in the Brief leads to its sentence, and marks it there.

const MARK = "brief";

/** The range in which these words stand, whatever is between them; none if they do not. */
function find(words, root) {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (let at = 0; at < node.data.length; at += 1) {
      const isSpace = /\s/.test(node.data[at]);
      if (isSpace && (text === "" || text.endsWith(" "))) continue;
      text += isSpace ? " " : node.data[at];
      places.push([node, at]);
    }
  }
  const from = text.indexOf(words);
  if (from < 0) return null;
  const [[first, start], [last, end]] = [places[from], places[from + words.length - 1]];
  const range = document.createRange();
  range.setStart(first, start);
  range.setEnd(last, end + 1);
  return range;
}

class Brief extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.show(event));
  }

  show(event) {
    const source = event.target.closest("a.ref");
    const entry = source && document.getElementById(source.hash.slice(1));
    if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return; // It is on another page, or shall be.
    event.preventDefault();
    source.closest("[popover]:popover-open")?.hidePopover();
    const range = find(source.title, entry);
    CSS.highlights?.delete(MARK);
    if (range) CSS.highlights?.set(MARK, new Highlight(range));
    (range?.startContainer.parentElement ?? entry).scrollIntoView({ block: "center" });
    entry.tabIndex = -1;
    entry.focus({ preventScroll: true });
  }
}

customElements.define("bw-brief", Brief);
