// A field to type into that suggests what may be meant: data-suggest is the address that gives options
// for ?q=, data-suggest-key the id of the hidden field that keeps which one was picked. What is typed
// freely is kept as it is.
import { regate } from "./forms.js";

const PAUSE = 150;

class Suggest {
  constructor(input) {
    this.input = input;
    this.key = document.getElementById(input.dataset.suggestKey);
    this.at = -1;
    this.build();
    this.listen();
  }

  build() {
    const { input } = this;
    this.root = Object.assign(document.createElement("div"), { className: "picker" });
    this.list = Object.assign(document.createElement("div"), { className: "picker-list", id: `${input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    const label = input.labels[0];
    if (label) this.list.setAttribute("aria-label", label.firstChild.textContent.trim());
    const aria = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(aria)) input.setAttribute(name, value);
    input.replaceWith(this.root);
    this.root.append(input, this.list);
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("click", () => this.ask(0));
    input.addEventListener("input", () => {
      this.key.value = "";
      this.ask();
    });
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  ask(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), pause);
  }

  async fetch() {
    this.asked?.abort();
    this.asked = new AbortController();
    const url = new URL(this.input.dataset.suggest, location.href);
    url.searchParams.set("q", this.key.value ? "" : this.input.value);
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.asked.signal });
      if (answer.ok && document.activeElement === this.input) this.show(await answer.text());
    } catch { /* Without suggestions one types the number. */ }
  }

  show(html) {
    this.list.innerHTML = html;
    this.list.hidden = !this.options().length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(-1);
  }

  options() { return [...this.list.querySelectorAll("[role=option]")]; }

  mark(at) {
    const options = this.options();
    this.at = at;
    options.forEach((option, index) => {
      option.classList.toggle("at", index === at);
      option.setAttribute("aria-selected", String(index === at));
    });
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) this.input.setAttribute("aria-activedescendant", options[at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const count = this.options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.ask(0);
      this.mark(event.key === "ArrowDown" ? (this.at + 1) % count : (this.at <= 0 ? count : this.at) - 1);
    } else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) {
      event.preventDefault();
      this.choose(this.options()[this.at]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  choose(option) {
    this.input.value = option.dataset.number;
    this.key.value = option.dataset.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    regate(this.input.form);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

export const startSuggesting = (root) => {
  root.querySelectorAll("input[data-suggest]:not([role])").forEach((input) => new Suggest(input));
};
