// Says what has come, where it would otherwise move what is being read, or be noticed by nobody who listens.

/** Tells of arrivals with the words of this element. */
export function tellArrivals(words) {
  document.addEventListener("bw:changed", (event) => arrived(words, event));
  document.addEventListener("bw:waits", (event) => waits(words, event));
}

function arrived(words, { target, detail: { count, arrived: fresh, atEnd } }) {
  const body = target.closest(".conv-body");
  if (!body || !count) return;
  const name = fresh[0].querySelector("header b").textContent;
  const one = fresh[0].querySelector(".msg-note") ? words.note : words.message;
  const sentence = (all) => (all === 1 ? one.replace("{what}", name) : words.many.replace("{what}", all));
  document.getElementById("arrived").textContent = sentence(count);
  if (atEnd) return;
  const old = body.querySelector(".pill-new");
  const all = Number(old?.dataset.count ?? 0) + count;
  const scroller = body.querySelector(".conv-scroll");
  const pill = button(sentence(all), () => (scroller.scrollTo({ top: 0 }), pill.remove()));
  pill.dataset.count = all;
  scroller.addEventListener("scroll", () => Math.abs(scroller.scrollTop) < 48 && pill.remove(), { passive: true });
  old?.remove();
  body.append(pill);
}

/** A list that stands still under the pointer, or has the cursor, changes when one says so. */
function waits(words, { target, detail: { show } }) {
  const pill = button(words.changed, () => {
    const { id } = target;
    show();
    document.getElementById(id)?.querySelector("[data-list] a")?.focus();
  });
  target.prepend(pill);
}

function button(textContent, onclick) {
  return Object.assign(document.createElement("button"), { className: "pill-new", type: "button", textContent, onclick });
}
