// Whom a reply goes to. That part of the page follows the newest message, until its writer chooses.

const part = () => document.querySelector("#recipients > *");

/** Whether the writer has chosen. */
export const isChosen = () => Boolean(part()?.matches("[data-dirty]"));

/** From now on nothing but the writer changes it; its button says who it is. */
export function choose(form) {
  part().toggleAttribute("data-dirty", true);
  const known = new Map([...form.querySelectorAll("#known option")].map((it) => [it.value.toLowerCase(), it.textContent]));
  const typed = `${form.elements.to.value},${form.elements.cc.value}`.match(/[^\s,;<>"]+@[^\s,;<>"]+/g) ?? [];
  const names = typed.map((it) => (known.get(it.toLowerCase()) ?? it).split(" ")[0].replace(/,$/, ""));
  const shown = form.querySelector(".to-names");
  shown.textContent = names.join(", ") || shown.dataset.nobody;
}
