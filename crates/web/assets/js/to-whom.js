// Whom a reply goes to. That part of the page follows the newest message, until its writer chooses.

const part = () => document.querySelector("#recipients > *");

/** Whether the writer has chosen. */
export const isChosen = () => Boolean(part()?.matches("[data-dirty]"));

/** From now on nothing but the writer changes it; its button says who it is. */
export function choose(form) {
  part().toggleAttribute("data-dirty", true);
  const known = new Map([...form.querySelectorAll("#known option")].map((it) => [it.value.toLowerCase(), it.textContent]));
  const typed = `${form.elements.to.value},${form.elements.cc.value}`.match(/[^\s,;<>"]+@[^\s,;<>"]+/g) ?? [];
  for (const it of form.querySelectorAll(".to-dead")) it.hidden = !typed.some((one) => one.toLowerCase() === it.dataset.address);
  const names = typed.map((it) => (known.get(it.toLowerCase()) ?? it).split(" ")[0].replace(/,$/, ""));
  const shown = form.querySelector(".to-names");
  shown.textContent = names.join(", ") || shown.dataset.nobody;
}

/** Offers those whose name or address has the beginning of the last word that was typed. */
export function suggest(field) {
  const list = listOf(field);
  const typed = field.value.split(/[,;]/).pop().trim().toLowerCase();
  const begins = (it) => `${it.textContent} ${it.value}`.toLowerCase().split(/[\s@.]+/).some((word) => word.startsWith(typed));
  const found = typed.length < 2 ? [] : [...document.querySelectorAll(`#${field.dataset.known ?? "known"} option`)].filter((it) => begins(it) || it.value.startsWith(typed));
  list.replaceChildren(...found.slice(0, 6).map((it, at) => option(field, it, at)));
  open(field, found.length > 0);
}

/** The arrows choose among them, Enter takes one. Whether the key was for them. */
export function chooseByKey(event) {
  const field = event.target;
  const list = field.matches("#to, #cc, #supplier") && field.nextElementSibling;
  if (!list?.matches?.("[role=listbox]") || list.hidden) return false;
  const all = [...list.children];
  const at = all.findIndex((it) => it.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length] ?? all[0];
    for (const it of all) it.ariaSelected = String(it === next);
    field.setAttribute("aria-activedescendant", next.id);
  } else if (event.key === "Enter" || (event.key === "Tab" && at >= 0)) {
    put(field, all[Math.max(at, 0)]);
  } else if (event.key === "Escape") {
    open(field, false);
  } else {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function listOf(field) {
  const known = field.nextElementSibling;
  if (known?.matches("[role=listbox]")) return known;
  const list = Object.assign(document.createElement("ul"), { id: `${field.id}-known`, className: "known", role: "listbox" });
  list.setAttribute("aria-label", field.labels[0].textContent);
  field.removeAttribute("list"); // It offers only before the first comma.
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) field.setAttribute(name, value);
  field.addEventListener("blur", () => open(field, false));
  field.after(list);
  return list;
}

function option(field, { value, textContent }, at) {
  const it = Object.assign(document.createElement("li"), { id: `${field.id}-known-${at}`, role: "option" });
  const [name, address] = ["b", "span"].map((kind) => document.createElement(kind));
  name.textContent = textContent;
  address.textContent = value;
  it.ariaSelected = "false";
  it.append(name, " ", address);
  const bare = textContent.replace(/["<>]/g, "");
  const quoted = /[,;]/.test(bare) ? `"${bare}"` : bare;
  it.dataset.put = textContent === value ? value : `${quoted} <${value}>`;
  it.addEventListener("mousedown", (event) => (event.preventDefault(), put(field, it)));
  return it;
}

function put(field, it) {
  const before = field.value.replace(/[^,;]*$/, "");
  field.value = `${before}${before && !before.endsWith(" ") ? " " : ""}${it.dataset.put}, `;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function open(field, isOpen) {
  field.nextElementSibling.hidden = !isOpen;
  field.ariaExpanded = String(isOpen);
  if (!isOpen) field.removeAttribute("aria-activedescendant");
}
