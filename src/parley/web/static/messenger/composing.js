// The place to write: text that grows, files by button, paste and drop, and a draft that is kept.

class Files {
  // Files picked for one message; they are sent up at once, one after the other.
  constructor(changed) {
    this.list = [];
    this.changed = changed;
    this.node = h("ul", { class: "picked" });
    this.says = h("div", { class: "picked-says", role: "status" });
    this.queue = Promise.resolve();
  }

  get ids() { return this.list.filter((one) => one.id).map((one) => one.id); }
  get isBusy() { return this.list.some((one) => !one.id && !one.failed); }

  restore(files) {
    for (const file of files) this.#show({ ...file });
  }

  add(files) {
    this.says.replaceChildren();
    for (const file of files) {
      const name = file.name && file.name !== "image.png" ? file.name : `${say("pasted")}.${(file.type.split("/")[1] || "png").replace("jpeg", "jpg")}`;
      const refusal = this.#refusal(file, name);
      if (refusal) this.says.append(h("p", { class: "notice bad" }, refusal));
      else this.#start(file, name);
    }
  }

  #refusal(file, name) {
    const { file: most = Infinity, message = Infinity } = session.limits ?? {};
    const together = this.list.reduce((sum, one) => sum + one.size, file.size);
    if (file.size > most) return say("tooBig", { name, over: sizeInWords(file.size - most) });
    return together > message ? say("tooMuch", { name, over: sizeInWords(together - message) }) : "";
  }

  #show(one) {
    one.bar = h("progress", { max: "1", value: one.id ? 1 : 0, "aria-hidden": "true", hidden: Boolean(one.id) });
    one.picture = h("canvas", { width: 40, height: 40, "aria-hidden": "true" });
    one.node = h("li", {}, one.file?.type.startsWith("image/") ? one.picture : icon("file", 20),
      h("span", { class: "picked-name" }, h("span", { class: "file-name" }, one.name), h("span", { class: "quiet" }, sizeInWords(one.size)), one.bar),
      iconButton("x", say("removeFile", { name: one.name }), () => this.#remove(one), { class: "icon-button small" }));
    if (one.file?.type.startsWith("image/")) createImageBitmap(one.file).then((bitmap) => drawn(bitmap, one.picture, 80), () => one.picture.replaceWith(icon("file", 20)));
    this.list.push(one);
    this.node.append(one.node);
    this.changed();
  }

  #start(file, name) {
    const one = { file, name, size: file.size, stop: new AbortController() };
    this.#show(one);
    announce(say("uploading", { name, percent: 0 }));
    this.queue = this.queue.then(() => this.#send(one));
  }

  async #send(one) {
    if (one.stop.signal.aborted) return;
    try {
      const { id } = await upload(one.file, one.name, (part) => { one.bar.value = part; }, one.stop.signal);
      one.id = id;
      one.bar.hidden = true;
      announce(say("uploaded", { name: one.name }));
    } catch (error) {
      if (error.name === "AbortError") return;
      one.failed = true;
      this.#drop(one);
      const again = button(say("again"), () => {
        this.says.replaceChildren();
        this.add([new File([one.file], one.name, { type: one.file.type })]);
      }, { class: "button small" });
      this.says.append(h("p", { class: "notice bad" }, error.words || say("notUploaded", { name: one.name }), " ", error.status === 0 && again));
    }
    this.changed();
  }

  #drop(one) {
    this.list = this.list.filter((other) => other !== one);
    one.node.remove();
    this.changed();
  }

  #remove(one) {
    one.stop?.abort();
    if (one.id) ask(`files/${one.id}`, { method: "DELETE" }).catch(() => {});
    const next = one.node.nextElementSibling?.querySelector("button") ?? this.back;
    this.#drop(one);
    next?.focus();
  }

  clear() {
    this.list = [];
    this.node.replaceChildren();
    this.says.replaceChildren();
    this.changed();
  }
}

// A button that opens the browser's own way to pick files.
const picking = (files) => {
  const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", onchange: () => {
    files.add(input.files);
    input.value = "";
  } });
  const pick = iconButton("clip", say("addFile"), () => input.click());
  files.back = pick;
  return [input, pick];
};

const filesOf = (transfer) => [...transfer?.files ?? []];

const takesFiles = (node, files) => {
  node.addEventListener("paste", (event) => {
    const pasted = filesOf(event.clipboardData);
    if (!pasted.length) return;
    event.preventDefault();
    files.add(pasted);
  });
  node.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    node.setAttribute("data-dropping", say("dropHere"));
  });
  node.addEventListener("dragleave", (event) => {
    if (!node.contains(event.relatedTarget)) node.removeAttribute("data-dropping");
  });
  node.addEventListener("drop", (event) => {
    node.removeAttribute("data-dropping");
    if (!filesOf(event.dataTransfer).length) return;
    event.preventDefault();
    files.add(filesOf(event.dataTransfer));
  });
};

// A composer. `send(text, files)` is called with what was written; the composer is empty after it.
const composer = ({ draft, label, hint = label, send, typing, withFiles = true }) => {
  const say_ = h("textarea", { class: "field", rows: "1", "aria-label": label, placeholder: hint, enterkeyhint: "send", maxlength: "20000" });
  // At once: who leaves the page a moment later finds it all the same.
  const keepDraft = () => {
    const sent = files.list.filter((one) => one.id).map(({ id, name, size }) => ({ id, name, size }));
    kept.set(`draft:${draft()}`, say_.value || sent.length ? JSON.stringify({ text: say_.value, files: sent }) : "");
  };
  const isReady = () => Boolean(say_.value.trim() || files.ids.length) && !files.isBusy;
  const fit = () => {
    go_.setAttribute("aria-disabled", String(!isReady()));
    say_.style.height = "auto";
    say_.style.height = `${say_.scrollHeight}px`;
  };
  const changed = () => {
    fit();
    keepDraft();
  };
  const go_ = iconButton("send", say("send"), () => submit(), { class: "icon-button send", "aria-disabled": "true" });
  const files = new Files(() => changed());
  const submit = () => {
    if (files.isBusy) announce(say("stillUploading"));
    if (!isReady()) return say_.focus();
    const text = say_.value.trim();
    const sent = files.list.map(({ id, name, size }) => ({ id, name, size }));
    say_.value = "";
    files.clear();
    return send(text, sent);
  };
  say_.addEventListener("input", () => {
    changed();
    if (say_.value.trim()) typing?.();
  });
  say_.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    submit();
  });
  const node = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(); } },
    withFiles && files.says, withFiles && files.node,
    h("div", { class: "composer-line" }, withFiles && picking(files), say_, go_));
  if (withFiles) takesFiles(node, files);
  const restore = () => {
    try {
      const { text = "", files: before = [] } = JSON.parse(kept.get(`draft:${draft()}`) || "{}");
      say_.value = text;
      files.restore(before);
    } catch {
      // No draft that can be read.
    }
    fit();
  };
  return { node, field: say_, files, restore, fit, write: (text) => { say_.value = text; changed(); } };
};
