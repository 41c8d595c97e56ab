// What is typed is kept: on this device at once, on the server a moment later. The copy on this
// device goes away as soon as the server has it, or the message is sent.
//
// <form data-draft="ticket:10042" data-draft-url="/drafts/"> … <output data-draft-says>
import { csrf } from "./upload.js";

const PAUSE = 800;
const drafts = new WeakMap();

// The draft of a form, for the composer that throws it away once sent.
export const draftOf = (form) => drafts.get(form);

const keyOf = (place) => `parley:${document.body.dataset.person}:${place}`;

class Draft {
  constructor(form) {
    this.form = form;
    this.key = keyOf(form.dataset.draft);
    this.says = form.querySelector("[data-draft-says]");
    this.timer = 0;
    this.gone = false;
    drafts.set(form, this);
    this.bringBack();
    form.addEventListener("input", (event) => { if (event.target.name) this.typed(); });
    form.addEventListener("change", (event) => { if (event.target.name) this.typed(); });
    form.addEventListener("attach:changed", () => this.typed());
    if (!("composer" in form.dataset)) form.addEventListener("submit", (event) => { if (!event.defaultPrevented) this.submitted(); });
    addEventListener("online", () => { if (this.local()) this.keep(); });
    addEventListener("pagehide", () => this.last());
    addEventListener("pageshow", () => { this.gone = false; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.last(); });
  }

  // Fields other than the main text, of a form that wants them kept; what is only preset counts for
  // nothing, or an untouched form would be a draft.
  fields() {
    const kept = {};
    if (!("draftFields" in this.form.dataset)) return kept;
    const typed = [...this.form.elements].some((field) => field.name && field.matches("input:not([type=radio], [type=hidden], [type=file]), select, textarea") && field.value.trim());
    if (!typed) return kept;
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.type === "submit" || field.name === "text") continue;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      kept[field.name] = field.value;
    }
    return kept;
  }

  text() { return this.form.elements.text?.value ?? ""; }

  local() {
    try { return JSON.parse(localStorage.getItem(this.key) ?? "null"); } catch { return null; }
  }

  keepHere() {
    try { localStorage.setItem(this.key, JSON.stringify({ text: this.text(), fields: this.fields() })); } catch { /* a full or forbidden store: the server still gets it */ }
  }

  forgetHere() { try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ } }

  // A copy on this device is newer than the server's: it is only there while that one failed.
  bringBack() {
    const kept = this.local();
    if (!kept) return;
    for (const [name, value] of Object.entries({ ...kept.fields, text: kept.text })) {
      const field = this.form.elements[name];
      if (!field || !value) continue;
      if (field instanceof RadioNodeList) { field.value = value; continue; }
      field.value = value;
      if (field.matches("select")) field.dispatchEvent(new Event("picker:reset"));
    }
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.keep();
  }

  typed() {
    if (this.gone) return;
    this.keepHere();
    this.show("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  body() {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", csrf());
    data.append("place", this.form.dataset.draft);
    data.append("text", this.text());
    data.append("fields", JSON.stringify(this.fields()));
    for (const file of this.form.querySelectorAll("input[name=attachment]")) data.append("attachment", file.value);
    return data;
  }

  keep() {
    this.keeping = this.send();
    return this.keeping;
  }

  async send() {
    const text = this.text();
    try {
      const answer = await fetch(this.form.dataset.draftUrl, { method: "POST", body: this.body(), redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (this.gone || text !== this.text()) return;
      this.forgetHere();
      this.show(text.trim() || Object.values(this.fields()).some(Boolean) ? this.form.dataset.textSaved : "");
    } catch {
      this.show(this.form.dataset.textHere);
    }
  }

  // Leaving: the last words go along without holding the page up.
  last() {
    if (this.gone || !this.local()) return;
    clearTimeout(this.timer);
    navigator.sendBeacon?.(this.form.dataset.draftUrl, this.body());
  }

  // A form that goes by itself: the copy on this device waits for the page that says it arrived
  // (data-draft-done), and nothing is told to the server behind its back.
  submitted() {
    clearTimeout(this.timer);
    this.gone = true;
  }

  // Thrown away with the form: neither this device nor the server keeps it.
  dropped() {
    this.submitted();
    this.forgetHere();
  }

  // Before it is sent: nothing that is on its way may arrive after it.
  async settled() {
    clearTimeout(this.timer);
    await this.keeping;
  }

  // It was sent, and the server dropped its copy with it; what was typed since is kept anew.
  sent(typedSince) {
    clearTimeout(this.timer);
    this.forgetHere();
    this.show("");
    if (typedSince.trim()) this.typed();
  }

  show(words) { if (this.says) this.says.textContent = words ?? ""; }
}

export const startDrafts = (root) => {
  root.querySelectorAll("[data-draft-done]").forEach((sign) => {
    try { localStorage.removeItem(keyOf(sign.dataset.draftDone)); } catch { /* nothing was kept */ }
  });
  root.querySelectorAll("form[data-draft]").forEach((form) => {
    if (!drafts.has(form)) new Draft(form);
  });
};
