// Proposes the time zone of the browser, while nobody has chosen one.
class Zone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((it) => it.value === here)) select.value = here;
  }
}

customElements.define("bw-zone", Zone);
