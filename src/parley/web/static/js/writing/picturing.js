// Pictures dropped, pasted or picked: sent up one by one with their progress, and named in the text where
// they came in. Until it has arrived, words hold a picture's place.
import { fill, send, sizeInWords } from "../upload.js";
import { announce } from "../toast.js";
import { put } from "./typing.js";

const isPicture = (file) => file.type.startsWith("image/");

const stem = (name) => name.replace(/\.[^.]+$/, "").replace(/[[\]()]/g, " ").trim();

class Pictures {
  constructor(form, field) {
    Object.assign(this, { form, field, words: form.dataset, count: 0, queue: Promise.resolve() });
    this.list = form.querySelector("[data-pictures]");
    this.pattern = form.querySelector("[data-picture-pattern]");
    const input = form.querySelector("[data-picture-input]");
    form.querySelector("[data-pick-picture]").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.add([...input.files]);
      input.value = "";
    });
    field.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.add(files);
    });
    const area = form;
    const over = (event, on) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      area.classList.toggle("over", on);
    };
    area.addEventListener("dragover", (event) => over(event, true));
    area.addEventListener("dragleave", (event) => { if (!area.contains(event.relatedTarget)) over(event, false); });
    area.addEventListener("drop", (event) => {
      over(event, false);
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
    this.list.addEventListener("click", (event) => {
      if (event.target.closest("[data-remove]")) event.target.closest("li").remove();
    });
  }

  add(files) {
    for (const file of files) {
      const row = this.pattern.content.firstElementChild.cloneNode(true);
      row.querySelector("[data-name]").textContent = file.name;
      this.list.append(row);
      const limit = Number(this.words.fileLimit);
      if (!isPicture(file)) this.refuse(row, fill(this.words.textNoPicture, { name: file.name }));
      else if (file.size > limit) this.refuse(row, fill(this.words.textTooLarge, { name: file.name, limit: sizeInWords(limit) }));
      else this.queue = this.queue.then(() => this.send(file, row, this.hold(file)));
    }
  }

  // Words where the picture will be, on a line of their own.
  hold(file) {
    const { field } = this;
    this.count += 1;
    const words = `![${fill(this.words.textComing, { name: stem(file.name) })} ${this.count}]()`;
    const at = field.selectionEnd;
    const before = field.value.slice(0, at);
    const head = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const made = `${head}${words}\n\n`;
    put(field, { from: at, to: at, text: made, start: at + made.length, end: at + made.length });
    return words;
  }

  async send(file, row, held) {
    const data = new FormData();
    data.append("file", file);
    const bar = row.querySelector("progress");
    const answer = await send(this.words.imagesUrl, data, { onprogress: (share) => { bar.value = share; } });
    let told = {};
    try { told = JSON.parse(answer.body || "{}"); } catch { /* no JSON: the line was lost, or it broke */ }
    if (!answer.ok) {
      this.replace(held, "");
      return this.refuse(row, told.error ?? fill(this.words.textLost, { name: file.name }));
    }
    row.remove();
    const alt = stem(file.name) === "image" ? this.words.textPicture : stem(file.name);
    this.replace(held, `![${alt}](${told.path})`);
    announce(fill(this.words.textArrived, { name: file.name }));
  }

  // What is typed meanwhile stays where it is, and so does the place one types at.
  replace(held, made) {
    const { field } = this;
    const at = field.value.indexOf(held);
    if (at < 0) return;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const moved = (place) => (place > at ? Math.max(at, place + made.length - held.length) : place);
    field.setRangeText(made, at, at + held.length, "preserve");
    field.setSelectionRange(moved(start), moved(end));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  refuse(row, why) {
    row.classList.add("refused");
    row.querySelector("progress").remove();
    row.querySelector("[data-says]").textContent = why;
    announce(why);
  }
}

export const startPictures = (form, field) => new Pictures(form, field);
