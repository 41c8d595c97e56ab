// A select becomes a box to type into: <select data-picker>, optgroups as groups, data-keywords on
// options as further words it is found by. The select stays in the form and keeps the value.
import { regate } from "./forms.js";

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ё", "е");

const read = (select) => [...select.options].filter((option) => option.value && !option.disabled).map((option) => {
  const group = option.parentElement.matches("optgroup") ? option.parentElement.label : "";
  const words = plain(`${option.label} ${group} ${option.dataset.keywords ?? ""}`).split(/[^\p{L}\p{N}]+/u);
  return { value: option.value, label: option.label, group, words, own: plain(option.label) };
});

// Every word typed must begin some word of the entry; those found by their own name come first.
const find = (entries, typed) => {
  const asked = plain(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!asked.length) return entries;
  const hits = entries.filter((entry) => asked.every((word) => entry.words.some((own) => own.startsWith(word))));
  const first = hits.filter((entry) => asked.some((word) => entry.own.includes(word)));
  return [...first, ...hits.filter((entry) => !first.includes(entry))];
};

class Picker {
  constructor(select) {
    this.select = select;
    this.entries = read(select);
    this.at = -1;
    this.build();
    this.show(this.chosen()?.label ?? "");
  }

  build() {
    const { select } = this;
    const id = `${select.id}-find`;
    this.root = document.createElement("div");
    this.root.className = "picker";
    this.input = Object.assign(document.createElement("input"), { className: "input", id, type: "text", autocomplete: "off", placeholder: select.dataset.placeholder ?? "", spellcheck: false });
    const aria = { role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(aria)) this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    if (select.required) this.input.setAttribute("aria-required", "true");
    this.list = Object.assign(document.createElement("div"), { className: "picker-list", id: `${id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    const label = select.labels[0];
    if (label) {
      label.htmlFor = id;
      this.list.setAttribute("aria-label", label.firstChild.textContent.trim());
    }
    this.root.append(this.input, this.list);
    select.hidden = true;
    select.after(this.root);
    this.listen();
  }

  listen() {
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option.dataset.value);
    });
    // Someone else changed the choice, or what can be chosen.
    this.select.addEventListener("picker:reset", () => {
      this.entries = read(this.select);
      this.show(this.chosen()?.label ?? "");
    });
  }

  chosen() { return this.entries.find((entry) => entry.value === this.select.value); }
  options() { return [...this.list.querySelectorAll("[role=option]")]; }
  show(text) { this.input.value = text; }

  open(typed = "") {
    const hits = find(this.entries, typed);
    this.list.replaceChildren(...(hits.length ? this.rows(hits, typed) : [this.none()]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const chosen = hits.findIndex((entry) => entry.value === this.select.value);
    this.mark(typed ? 0 : chosen);
  }

  rows(hits, typed) {
    const made = [];
    let group = null;
    hits.forEach((entry, index) => {
      // When typing, the best hit comes first, so groups are said on each line instead.
      if (!typed && entry.group !== group) {
        group = entry.group;
        made.push(Object.assign(document.createElement("div"), { className: "picker-group", textContent: group, role: "presentation" }));
      }
      const option = Object.assign(document.createElement("div"), { className: "picker-option", id: `${this.list.id}-${index}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(entry.value === this.select.value));
      option.dataset.value = entry.value;
      option.append(entry.label);
      if (typed && entry.group) option.append(Object.assign(document.createElement("small"), { textContent: entry.group }));
      made.push(option);
    });
    return made;
  }

  none() {
    return Object.assign(document.createElement("div"), { className: "picker-none", textContent: this.select.dataset.none ?? "–" });
  }

  mark(at) {
    const options = this.options();
    this.at = options.length ? Math.max(-1, Math.min(at, options.length - 1)) : -1;
    options.forEach((option, index) => option.classList.toggle("at", index === this.at));
    const option = options[this.at];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.open();
      const count = this.options().length;
      this.mark((this.at + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const option = this.options()[this.at];
      if (option) this.choose(option.dataset.value);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  choose(value) {
    this.select.value = value;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    regate(this.select.form);
    this.show(this.chosen()?.label ?? "");
    this.close();
  }

  // Leaving it with nothing typed empties an optional choice; anything else goes back to what was chosen.
  close() {
    if (!this.list.hidden && this.input.value.trim() === "" && this.select.value) {
      this.list.hidden = true;
      return this.choose("");
    }
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.show(this.chosen()?.label ?? "");
  }
}

export const startPickers = (root) => {
  root.querySelectorAll("select[data-picker]:not([hidden])").forEach((select) => new Picker(select));
};
