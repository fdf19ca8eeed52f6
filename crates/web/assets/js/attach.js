// Files for a draft: by button, by dropping them, by pasting them. Each goes up at once and shows how far it is.

/** Lets files come into this composer. */
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
    take(composer, event.clipboardData.files);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    box.addEventListener(kind, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("is-drop", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take(composer, event.dataTransfer.files);
    });
  }
}

function take(composer, files) {
  for (const file of [...files]) send(composer, file);
}

function send(composer, file) {
  const chip = document.createElement("span");
  const bar = document.createElement("progress");
  chip.className = "file";
  chip.append(file.name, " ", bar);
  composer.querySelector(".composer-files").append(chip);
  const body = new FormData();
  body.append("files", file);
  const request = new XMLHttpRequest(); // fetch cannot say how far an upload is.
  request.upload.onprogress = ({ loaded, total }) => Object.assign(bar, { max: total, value: loaded });
  request.onload = () => {
    const fresh = request.status < 300 && new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".file");
    if (!fresh) return refused();
    chip.replaceWith(document.importNode(fresh, true));
    composer.changed();
  };
  const refused = () => {
    chip.classList.add("risk");
    chip.title = composer.dataset.tooLarge;
    chip.replaceChildren(`${file.name}: ${composer.dataset.tooLarge}`);
    setTimeout(() => chip.remove(), 8000);
  };
  request.onerror = refused;
  request.open("POST", composer.dataset.attach);
  request.setRequestHeader("x-fragment", "file");
  request.send(body);
}
