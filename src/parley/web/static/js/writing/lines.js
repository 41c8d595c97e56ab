// A list of short texts, one in each line: Enter begins another, an emptied line goes. Pasting several
// lines makes as many entries.

class Lines {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("ul");
    this.pattern = root.querySelector("template");
    root.querySelector("[data-add]").addEventListener("click", () => this.add("").focus());
    this.list.addEventListener("click", (event) => {
      if (event.target.closest("[data-remove]")) this.remove(event.target.closest("li"));
    });
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("paste", (event) => this.paste(event));
    root.closest("form").addEventListener("lines:fill", (event) => this.fill(event.detail));
  }

  fields() { return [...this.list.querySelectorAll("input")]; }

  add(words, after = null) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    const field = row.querySelector("input");
    field.value = words;
    if (after) after.after(row);
    else this.list.append(row);
    return field;
  }

  remove(row) {
    const fields = this.fields();
    const at = fields.indexOf(row.querySelector("input"));
    row.remove();
    (fields[at - 1] ?? fields[at + 1] ?? this.root.querySelector("[data-add]")).focus();
    this.tell();
  }

  press(event) {
    if (event.isComposing) return;
    const row = event.target.closest("li");
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.target.value.trim()) this.add("", row).focus();
    } else if (event.key === "Backspace" && event.target.value === "" && event.target.matches("input")) {
      event.preventDefault();
      this.remove(row);
    }
  }

  paste(event) {
    const lines = (event.clipboardData?.getData("text/plain") ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    let row = event.target.closest("li");
    for (const line of lines) row = this.add(line, row).closest("li");
    this.tell();
  }

  fill(lines) {
    this.list.replaceChildren();
    for (const line of lines) this.add(line);
  }

  tell() { this.root.dispatchEvent(new CustomEvent("lines:changed", { bubbles: true })); }
}

export const startLines = (root) => root.querySelectorAll("[data-lines]").forEach((one) => new Lines(one));
