// Files for a draft: by button, by dropping them, by pasting them. Each goes up at once and shows how far it is. A picture
// that is dropped or pasted into a reply stands in its text.

/** Lets files come into this composer. Those on their way are its `uploads`. */
export function attach(composer) {
  const box = composer.querySelector(".composer");
  const field = composer.form.elements.files;
  field.addEventListener("change", () => {
    take(composer, field.files);
    field.value = "";
  });
  box.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take(composer, event.clipboardData.files, true);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    box.addEventListener(kind, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("is-drop", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take(composer, event.dataTransfer.files, true);
    });
  }
}

const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

function take(composer, files, inText = false) {
  for (const file of [...files]) {
    const isPicture = inText && PICTURE.test(file.type) && !composer.isNote();
    const upload = new Promise((done) => send(composer, file, isPicture, done)).then(() => composer.uploads.delete(upload));
    composer.uploads.add(upload);
  }
}

function send(composer, file, isPicture, done) {
  const [chip, bar, away] = ["span", "progress", "button"].map((it) => document.createElement(it));
  const request = new XMLHttpRequest(); // fetch cannot say how far an upload is.
  Object.assign(away, { type: "button", className: "file-away", textContent: "×", title: composer.dataset.away });
  away.setAttribute("aria-label", `${composer.dataset.away}: ${file.name}`);
  away.onclick = () => (request.abort(), chip.remove(), composer.text.focus());
  chip.className = "file";
  chip.append(file.name, " ", bar, away);
  composer.querySelector(".composer-files").append(chip);
  const body = new FormData();
  body.append("files", file);
  request.upload.onprogress = ({ loaded, total }) => Object.assign(bar, { max: total, value: loaded });
  request.onload = () => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const fresh = request.status < 300 && answer.querySelector(isPicture ? "img" : ".file");
    if (request.status === 401) dispatchEvent(new CustomEvent("bw:signed-out"));
    if (!fresh) return refused(answer.querySelector(".trouble p")?.textContent);
    if (isPicture) {
      chip.remove();
      return composer.editor.insert(fresh.outerHTML);
    }
    chip.replaceWith(document.importNode(fresh, true));
    composer.changed();
  };
  const refused = (why = composer.dataset.refused) => {
    chip.classList.add("risk");
    chip.setAttribute("role", "alert");
    chip.replaceChildren(`${file.name}: ${why}`, away);
  };
  request.onerror = () => refused();
  request.onloadend = done;
  request.open("POST", isPicture ? composer.dataset.pictures : composer.dataset.attach);
  request.setRequestHeader("x-fragment", "file");
  request.send(body);
}
