// What is written is kept: on this device at once, at the desk a moment later. If somebody else has
// changed the text meanwhile, nothing is written over: both texts are there, and one is asked.
import { csrf } from "../upload.js";

const PAUSE = 900;
const AGAIN = 8000;
const NAMES = ["title", "summary", "body"];

export class Saving {
  constructor(form) {
    this.form = form;
    this.says = document.querySelector("[data-says-saved]");
    this.conflict = document.getElementById("conflict");
    this.key = `parley:${document.body.dataset.person}:article:${location.pathname}`;
    this.seen = form.elements.seen.value;
    this.saved = this.written();
    this.running = Promise.resolve();
    form.addEventListener("input", (event) => { if (event.target.name) this.changed(); });
    form.addEventListener("lines:changed", () => this.changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    addEventListener("online", () => { if (this.isDirty) this.save(); });
    addEventListener("pagehide", () => this.last());
    // Come back to from elsewhere, the page does not know what its last words became.
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.isDirty) this.save(); });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    this.conflict.addEventListener("click", (event) => this.decide(event));
    this.bringBack();
  }

  asked() { return [...this.form.querySelectorAll("[name=also_asked_as]")].map((field) => field.value.trim()).filter(Boolean); }

  written() { return JSON.stringify([...NAMES.map((name) => this.form.elements[name].value), this.asked()]); }

  get isDirty() { return this.written() !== this.saved; }

  // A copy on this device is there only while the desk has not got it.
  bringBack() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.key) ?? "null"); } catch { /* nothing readable was kept */ }
    if (!kept) return;
    if (kept.written === this.saved) return this.forget();
    const fields = JSON.parse(kept.written);
    NAMES.forEach((name, index) => { this.form.elements[name].value = fields[index]; });
    this.form.dispatchEvent(new CustomEvent("lines:fill", { detail: fields[NAMES.length] }));
    this.seen = kept.seen;
    this.form.dispatchEvent(new CustomEvent("writing:brought"));
    this.save();
  }

  keepHere() {
    try { localStorage.setItem(this.key, JSON.stringify({ seen: this.seen, written: this.written() })); } catch { /* a full or forbidden store */ }
  }

  forget() { try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ } }

  changed() {
    if (!this.isDirty) return;
    this.keepHere();
    this.show("");
    clearTimeout(this.timer);
    if (!this.isStuck) this.timer = setTimeout(() => this.save(), PAUSE);
  }

  body(more = {}) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", csrf());
    data.append("seen", this.seen);
    for (const name of NAMES) data.append(name, this.form.elements[name].value);
    for (const words of this.asked()) data.append("also_asked_as", words);
    for (const [name, value] of Object.entries(more)) data.append(name, value);
    return data;
  }

  // One at a time; true once what stands here stands at the desk too.
  save(more) {
    clearTimeout(this.timer);
    this.running = this.running.then(() => this.send(more));
    return this.running;
  }

  async send(more) {
    if (!this.isDirty && !more) return true;
    if (this.isStuck && !more) return false;
    const sent = this.written();
    this.show(this.form.dataset.textSaving);
    let answer;
    try {
      answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST", body: this.body(more), redirect: "error",
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      });
    } catch {
      return this.later(this.form.dataset.textHere);
    }
    if (answer.status === 409) return this.stuck(await answer.json());
    if (answer.status === 422) return this.refused((await answer.json()).error);
    if (!answer.ok) return this.later(answer.status === 401 || answer.status === 403 || answer.status === 404 ? this.form.dataset.textSignIn : this.form.dataset.textHere);
    return this.arrived(await answer.json(), sent);
  }

  arrived(told, sent) {
    this.seen = told.seen;
    this.form.elements.seen.value = told.seen;
    this.saved = sent;
    this.isStuck = false;
    this.conflict.replaceChildren();
    this.form.dispatchEvent(new CustomEvent("writing:saved", { detail: told }));
    if (this.isDirty) {
      this.keepHere();
      this.timer = setTimeout(() => this.save(), PAUSE);
      return false;
    }
    this.forget();
    this.show(this.form.dataset.textSaved);
    return true;
  }

  later(words) {
    this.keepHere();
    this.show(words, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN);
    return false;
  }

  refused(words) {
    this.keepHere();
    this.show(words, true);
    return false;
  }

  stuck(told) {
    this.isStuck = true;
    this.theirs = told.seen;
    this.keepHere();
    this.show(this.form.dataset.textStuck, true);
    this.conflict.innerHTML = told.html;
    this.conflict.firstElementChild?.focus();
    return false;
  }

  async decide(event) {
    const button = event.target.closest("[data-keeps]");
    if (!button) return;
    if (button.dataset.keeps === "mine") {
      this.seen = this.theirs;
      return this.save({ instead: "yes" });
    }
    // Mine is set aside at the desk before theirs takes its place here.
    this.seen = this.theirs;
    const aside = await fetch(this.form.dataset.asideUrl, { method: "POST", body: this.body(), redirect: "error" }).catch(() => null);
    if (!aside?.ok) return this.show(this.form.dataset.textHere, true);
    this.saved = this.written();
    this.forget();
    location.reload();
  }

  // Leaving: the last words go along without holding the page up; the copy here stays until the next visit.
  last() {
    if (!this.isDirty || this.isStuck) return;
    this.keepHere();
    navigator.sendBeacon?.(this.form.dataset.draftUrl, this.body());
  }

  show(words, isBad = false) {
    this.says.textContent = words;
    this.says.classList.toggle("bad", isBad);
  }
}
