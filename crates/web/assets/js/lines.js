// Plain text as lines of an editor, and back.

const BLOCKS = "DIV, P, LI, UL, OL, BLOCKQUOTE, PRE, H1, H2, H3, H4, H5, H6, TABLE, TR";

/** A box for each line. */
export function linesOf(text) {
  if (!text) return [];
  return text.split("\n").map((line) => {
    const box = document.createElement("div");
    box.append(line || document.createElement("br"));
    return box;
  });
}

/** What stands in an editor, line by line. */
export function textOf(box) {
  let out = "";
  const line = () => {
    if (out && !out.endsWith("\n")) out += "\n";
  };
  const walk = (node) => {
    for (const it of node.childNodes) {
      if (it.nodeType === Node.TEXT_NODE) out += it.data.replaceAll("\u00a0", " ");
      else if (it.nodeName === "BR") out += it === node.lastChild && node !== box ? "" : "\n";
      else if (it.nodeName === "IMG") out += it.alt ? `[${it.alt}]` : "";
      else if (it.nodeType === Node.ELEMENT_NODE) {
        const isBlock = it.matches(BLOCKS);
        if (isBlock) line();
        if (it.nodeName === "LI") out += "- ";
        const empty = isBlock && !it.textContent && !it.querySelector("img");
        walk(it);
        if (empty) out += "\n";
        else if (isBlock) line();
      }
    }
  };
  walk(box);
  return out.replace(/\n$/, "");
}
