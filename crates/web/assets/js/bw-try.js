// Tries a mailbox without leaving the page, so that what was typed, passwords above all, stays in its fields.
// Without script the same button posts the form, and the answer is the page again.
class Try extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[formaction]");
      if (!button) return;
      event.preventDefault();
      if (!this.busy) this.run(button);
    });
  }

  async run(button) {
    const place = document.getElementById("checks");
    this.busy = true;
    button.setAttribute("aria-busy", "true");
    place.textContent = this.dataset.waiting;
    try {
      const body = new URLSearchParams(new FormData(button.form));
      const headers = { accept: "text/html", "x-fragment": "checks" };
      const answer = await fetch(button.formAction, { method: "POST", headers, body });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.show(fresh, button.form);
    } catch {
      button.form.requestSubmit(button);
    }
    button.removeAttribute("aria-busy");
    this.busy = false;
  }

  /** The steps, or what is wrong with a field, at that field. */
  show(fresh, form) {
    const checks = fresh.getElementById("checks");
    document.getElementById("checks").replaceChildren(...(checks ? document.importNode(checks, true).childNodes : []));
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
      mine.focus();
    }
  }
}

customElements.define("bw-try", Try);
