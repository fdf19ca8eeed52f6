// Whether this browser may show notifications. It is asked only when somebody presses the button.

class Device extends HTMLElement {
  connectedCallback() {
    if (!("Notification" in window)) return;
    this.words = this.querySelector("[role=status]");
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.press());
    this.hidden = false;
    this.tell();
  }

  tell() {
    const { permission } = Notification;
    this.words.textContent = { granted: this.dataset.granted, denied: this.dataset.denied }[permission] ?? this.dataset.ask;
    this.button.textContent = permission === "granted" ? this.dataset.try : this.dataset.allow;
    this.button.hidden = permission === "denied";
  }

  async press() {
    if (Notification.permission === "granted") return void new Notification(this.dataset.example);
    await Notification.requestPermission();
    this.tell();
  }
}

customElements.define("bw-device", Device);
