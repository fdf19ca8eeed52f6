// Tries a mailbox without leaving the page, so that what was typed, passwords above all, stays in its fields.
// Without script the same button posts the form, and the answer is the page again.
class Try extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[formaction]");
      if (!button) return;
      event.preventDefault();
      this.run(button);
    });
  }

  async run(button) {
    const place = document.getElementById("checks");
    // Whoever has changed something meanwhile need not wait for what was.
    this.stop?.abort();
    const { signal } = (this.stop = new AbortController());
    button.setAttribute("aria-busy", "true");
    place.textContent = this.dataset.waiting;
    try {
      const body = new URLSearchParams(new FormData(button.form));
      const headers = { accept: "text/html", "x-fragment": "checks" };
      const answer = await fetch(button.formAction, { method: "POST", headers, body, signal });
      if (answer.ok) await this.follow(answer.body, button.form);
      else this.show(parse(await answer.text()), button.form);
    } catch {
      if (signal.aborted) return;
      button.form.requestSubmit(button);
    }
    button.removeAttribute("aria-busy");
  }

  /** Each line is the list of steps as it stands then. */
  async follow(body, form) {
    let rest = "";
    const lines = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await lines.read(); !part.done; part = await lines.read()) {
      const all = (rest + part.value).split("\n");
      rest = all.pop();
      if (all.length) this.show(parse(all.at(-1)), form);
    }
  }

  /** The steps, or what is wrong with a field, at that field. */
  show(fresh, form) {
    const checks = fresh.getElementById("checks");
    const place = document.getElementById("checks");
    const [before, after] = [place, checks].map((it) => it?.querySelectorAll(".checks > li") ?? []);
    if (before.length && before.length === after.length && !checks.querySelector("input, button")) {
      // Only what changed is read aloud.
      before.forEach((old, at) => old.isEqualNode(after[at]) || old.replaceWith(document.importNode(after[at], true)));
    } else {
      place.replaceChildren(...(checks ? document.importNode(checks, true).childNodes : []));
    }
    for (const found of checks?.querySelectorAll("[data-field]") ?? []) {
      form.elements[found.dataset.field].value = found.value;
    }
    for (const said of checks?.querySelectorAll("[data-said]") ?? []) {
      document.getElementById(said.dataset.said).textContent = said.value;
    }
    for (const folded of checks?.querySelectorAll("[data-open]") ?? []) {
      document.getElementById(folded.dataset.open).open = true;
    }
    for (const old of form.querySelectorAll("[aria-invalid]")) {
      old.removeAttribute("aria-invalid");
      document.getElementById(`${old.id}-e`)?.remove();
    }
    for (const field of fresh.querySelectorAll("[aria-invalid]")) {
      const mine = document.getElementById(field.id);
      const error = fresh.getElementById(`${field.id}-e`);
      if (!mine || !error) continue;
      mine.setAttribute("aria-invalid", "true");
      mine.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
      mine.after(document.importNode(error, true));
      mine.closest("details")?.setAttribute("open", "");
      mine.focus();
    }
  }
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

customElements.define("bw-try", Try);
