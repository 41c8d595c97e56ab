// The article as its readers will see it, drawn by the desk a moment after one stops typing; and what
// stands beside the text: that, the text it is translated from, or nothing.
import { csrf } from "../upload.js";

const PAUSE = 350;
const NARROW = matchMedia("(max-width: 63.99rem)");

class Preview {
  constructor(form) {
    this.form = form;
    this.place = document.getElementById("preview");
    this.timer = 0;
    const again = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.draw(), PAUSE);
    };
    form.addEventListener("input", (event) => { if (["title", "summary", "body"].includes(event.target.name)) again(); });
    form.addEventListener("writing:brought", again);
  }

  // What is being written is in sight, roughly: as far down as one types in the text.
  follow() {
    const { body } = this.form.elements;
    if (document.activeElement !== body || !body.value) return;
    const far = body.selectionEnd / body.value.length;
    this.place.scrollTop = far * this.place.scrollHeight - this.place.clientHeight / 2;
  }

  async draw() {
    this.asked?.abort();
    this.asked = new AbortController();
    const data = new FormData();
    data.append("csrfmiddlewaretoken", csrf());
    for (const name of ["title", "summary", "body"]) data.append(name, this.form.elements[name].value);
    try {
      const answer = await fetch(this.form.dataset.previewUrl, { method: "POST", body: data, redirect: "error", signal: this.asked.signal });
      if (!answer.ok) return;
      this.place.innerHTML = await answer.text();
      this.follow();
    } catch { /* What was drawn before stays until the next try. */ }
  }
}

const startViews = (form) => {
  const room = document.querySelector("[data-view]");
  const views = [...document.querySelectorAll("[name=view]")];
  const show = (name) => {
    room.dataset.view = name;
    views.forEach((view) => { view.checked = view.value === name; });
  };
  if (NARROW.matches) show("write");
  views.forEach((view) => view.addEventListener("change", () => show(view.value)));
  // A link within the drawn article would leave the page.
  document.getElementById("preview").addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (!link.getAttribute("href").startsWith("#")) window.open(link.href, "_blank", "noopener");
  });
  return form;
};

export const startPreview = (form) => new Preview(startViews(form));
