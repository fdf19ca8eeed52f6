// The text of a message, dressed: a box over the plain field, which stays what is kept and sent where nothing is dressed.
import { cleaned } from "./cleaned.js";
import { linesOf, textOf } from "./lines.js";
import { mentions } from "./mentions.js";
import { tools } from "./tools.js";

class Editor extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.gone = new AbortController();
    this.field = this.querySelector("textarea");
    this.dressed = Object.assign(document.createElement("input"), { type: "hidden", name: "html", autocomplete: "off" });
    this.box = document.createElement("div");
    this.box.className = "editor";
    const named = { contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-describedby": "composer-e" };
    for (const [name, value] of Object.entries(named)) this.box.setAttribute(name, value);
    this.box.setAttribute("aria-label", this.querySelector("label").textContent);
    this.box.dataset.placeholder = this.field.placeholder;
    if (this.field.ariaInvalid) this.box.ariaInvalid = this.field.ariaInvalid;
    this.behaveLikeAField();
    this.querySelector("label").hidden = this.field.hidden = true;
    this.field.id = "text-plain";
    this.box.id = "text";
    this.field.after(this.box, this.dressed);
    this.show(this.field.value, this.dataset.html);
    this.box.addEventListener("input", () => this.sync());
    this.box.addEventListener("paste", (event) => this.paste(event));
    this.box.addEventListener("focus", () => this.begin(), { once: true });
    tools(this);
    mentions(this);
    // Once the browser has looked for the field itself: it tells whoever was there before.
    if (this.field.autofocus) requestAnimationFrame(() => this.box.focus());
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  /** Whoever only reads the page waits for none of this. */
  begin() {
    this.querySelector("[role=toolbar]").hidden = false;
    document.execCommand("defaultParagraphSeparator", false, "div");
    document.execCommand("styleWithCSS", false, false);
  }

  /** Whoever writes into it, or reads from it, need not know that it is no field. */
  behaveLikeAField() {
    Object.defineProperty(this.box, "value", { get: () => this.field.value, set: (text) => this.show(text, "") });
    this.box.setSelectionRange = () => {
      getSelection().selectAllChildren(this.box);
      if (this.box.childNodes.length) getSelection().collapseToEnd();
    };
  }

  /** What the desk has kept, or else plain lines. */
  show(text, html) {
    if (html) {
      const kept = new DOMParser().parseFromString(html.replaceAll('src="cid:', `src="${this.dataset.pictures}/`), "text/html");
      this.box.replaceChildren(...kept.body.childNodes);
    } else {
      this.box.replaceChildren(...linesOf(text));
    }
    this.sync();
  }

  /** What stands in the box, as it is kept and sent. The desk cleans it once more. */
  sync() {
    if (!this.box.textContent && !this.box.querySelector("img, li")) this.box.replaceChildren();
    this.field.value = textOf(this.box);
    this.dressed.value = this.box.innerHTML.replaceAll(`src="${this.dataset.pictures}/`, 'src="cid:');
  }

  /** The hashes of the pictures in the text. */
  pictures() {
    const sources = [...this.box.querySelectorAll("img")].map((it) => it.getAttribute("src"));
    return sources.map((it) => it.split("/").pop());
  }

  /** Puts HTML of ours where the cursor is. */
  insert(html) {
    if (!this.box.contains(getSelection().anchorNode)) this.box.setSelectionRange();
    this.box.focus();
    document.execCommand("insertHTML", false, html);
  }

  paste(event) {
    const { clipboardData: from } = event;
    const html = from.getData("text/html");
    const clean = html && cleaned(html);
    if (from.files.length && !clean) return; // A picture, perhaps with the address where it was: it comes as a file.
    event.preventDefault();
    event.stopPropagation();
    if (clean) this.insert(clean);
    else document.execCommand("insertText", false, from.getData("text/plain"));
  }
}

customElements.define("bw-editor", Editor);
