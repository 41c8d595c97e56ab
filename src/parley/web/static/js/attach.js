// Files of a form: dropped, pasted or picked; refused before anything is uploaded when too big;
// uploaded at once, one after the other, each with its progress and its ×.
//
// <div data-attach data-upload="/files/" data-file-limit data-message-limit data-text-…>
//   <input type="file" multiple data-attach-input> <ul data-attach-list> <template data-attach-pattern>
import { fill, send, sizeInWords } from "./upload.js";
import { announce } from "./toast.js";

const areas = new WeakMap();

// The area of a form, for the composer that waits for its uploads.
export const areaOf = (form) => areas.get(form);

class Area {
  constructor(element) {
    this.element = element;
    this.form = element.closest("form");
    this.words = element.dataset;
    this.list = element.querySelector("[data-attach-list]");
    this.input = element.querySelector("[data-attach-input]");
    this.pattern = element.querySelector("[data-attach-pattern]");
    this.items = new Map();
    this.queue = Promise.resolve();
    areas.set(this.form, this);
    this.list.querySelectorAll("[data-kept]").forEach((row) => this.adopt(row));
    this.listen();
  }

  listen() {
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      this.input.value = "";
      this.add(files);
    });
    const form = this.form;
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.add(files.map((file) => named(file)));
    });
    const over = (event, on) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("over", on);
      this.element.classList.toggle("over", on);
    };
    form.addEventListener("dragover", (event) => over(event, true));
    form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) over(event, false); });
    form.addEventListener("drop", (event) => {
      over(event, false);
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove], [data-again]");
      if (!button) return;
      const row = button.closest("li");
      if (button.matches("[data-again]")) this.start(this.items.get(row));
      else this.remove(row);
    });
  }

  // One that the server had kept with the draft.
  adopt(row) {
    this.items.set(row, { row, id: row.dataset.kept, size: Number(row.dataset.size), done: true });
  }

  get total() { return [...this.items.values()].reduce((sum, item) => sum + (item.refused ? 0 : item.size), 0); }
  get busy() { return [...this.items.values()].some((item) => !item.done && !item.refused); }
  get failed() { return [...this.items.values()].filter((item) => item.failed); }
  get ids() { return [...this.items.values()].filter((item) => item.done).map((item) => item.id); }
  get faces() { return [...this.items.values()].filter((item) => item.done).map((item) => item.row); }

  add(files) {
    for (const file of files) {
      const item = { file, size: file.size, row: this.row(file) };
      this.items.set(item.row, item);
      this.list.append(item.row);
      const why = this.refusal(item);
      if (why) this.refuse(item, why);
      else this.start(item);
    }
    this.changed();
  }

  refusal(item) {
    const limit = Number(this.words.fileLimit);
    const all = Number(this.words.messageLimit);
    if (!item.size) return fill(this.words.textEmpty, { name: item.file.name });
    if (item.size > limit) {
      return fill(this.words.textTooBig, { name: item.file.name, over: sizeInWords(item.size - limit), limit: sizeInWords(limit) });
    }
    if (this.total > all) {
      return fill(this.words.textTooMuch, { name: item.file.name, over: sizeInWords(this.total - all), limit: sizeInWords(all) });
    }
    return "";
  }

  refuse(item, why) {
    item.refused = true;
    item.failed = false;
    item.row.classList.add("refused");
    item.row.querySelector("progress").hidden = true;
    item.row.querySelector("[data-again]").hidden = true;
    item.row.querySelector("small").textContent = why;
    announce(why);
    this.changed();
  }

  row(file) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    row.querySelector(".file-name").textContent = file.name;
    row.querySelector("small").textContent = sizeInWords(file.size);
    const remove = row.querySelector("[data-remove]");
    remove.setAttribute("aria-label", fill(remove.getAttribute("aria-label"), { name: file.name }));
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) {
      const image = Object.assign(new Image(), { alt: "", src: URL.createObjectURL(file) });
      row.querySelector(".file-face").replaceChildren(image);
    }
    return row;
  }

  start(item) {
    item.failed = false;
    item.row.classList.remove("refused");
    item.row.querySelector("[data-again]").hidden = true;
    item.row.querySelector("small").textContent = sizeInWords(item.size);
    this.queue = this.queue.then(() => this.upload(item));
  }

  async upload(item) {
    if (item.gone) return;
    const bar = item.row.querySelector("progress");
    bar.hidden = false;
    const data = new FormData();
    data.append("file", item.file, item.file.name);
    const answer = await send(this.words.upload, data, {
      onprogress: (part) => { bar.value = part; },
      onstart: (request) => { item.request = request; },
    });
    if (item.gone) return;
    bar.hidden = true;
    if (answer.ok) return this.finish(item, JSON.parse(answer.body));
    if (answer.status >= 400 && answer.status < 500) return this.refuse(item, reason(answer, this.words.textFailed));
    this.fail(item);
  }

  finish(item, kept) {
    item.id = kept.id;
    item.done = true;
    item.row.append(Object.assign(document.createElement("input"), { type: "hidden", name: "attachment", value: kept.id }));
    this.changed();
  }

  // The line was lost: the file stays here, to be tried again.
  fail(item) {
    item.failed = true;
    item.row.classList.add("refused");
    item.row.querySelector("small").textContent = this.words.textFailed;
    item.row.querySelector("[data-again]").hidden = false;
    this.changed();
  }

  remove(row) {
    const item = this.items.get(row);
    if (!item) return;
    item.gone = true;
    item.request?.abort();
    if (item.id) send(`${this.words.upload}${item.id}/`, null, { method: "DELETE" });
    this.items.delete(row);
    row.remove();
    this.reconsider();
    this.input.focus();
    this.changed();
  }

  // With one file less, those refused for the sum of all may fit now.
  reconsider() {
    for (const item of this.items.values()) {
      if (!item.refused || !item.file || item.size > Number(this.words.fileLimit) || !item.size) continue;
      if (this.total + item.size > Number(this.words.messageLimit)) continue;
      item.refused = false;
      this.start(item);
    }
  }

  // Resolves when nothing is on its way any more.
  async settled() { while (this.busy && !this.failed.length) await this.queue; }

  // Empties the area; what is given can be put back.
  take() {
    const taken = [...this.items];
    this.items.clear();
    this.list.replaceChildren();
    this.changed();
    return taken;
  }

  putBack(taken) {
    for (const [row, item] of taken) {
      this.items.set(row, item);
      this.list.append(row);
    }
    this.changed();
  }

  changed() { this.form.dispatchEvent(new CustomEvent("attach:changed", { bubbles: true })); }
}

// A pasted picture is called image.png by every browser; the time tells several apart.
const named = (file) => {
  if (file.name !== "image.png") return file;
  const time = new Date().toLocaleTimeString("sv").replaceAll(":", "");
  return new File([file], `screenshot-${time}.png`, { type: file.type });
};

const reason = (answer, otherwise) => {
  try { return JSON.parse(answer.body).error || otherwise; } catch { return otherwise; }
};

export const startAttaching = (root) => {
  root.querySelectorAll("[data-attach]").forEach((element) => {
    if (!areas.has(element.closest("form"))) new Area(element);
  });
};
