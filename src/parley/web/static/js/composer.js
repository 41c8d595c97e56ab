// Sending a message: it stands in the thread at once, marked "sending", and then is sent, or failed
// with its text and files kept. The box is free for the next one meanwhile. The submit key makes a
// repeated try the same message, and what has not arrived yet outlives the page.
//
// <form data-composer data-thread="#thread"> … <template data-sending> in it is the bubble.
import { areaOf } from "./attach.js";
import { draftOf } from "./drafts.js";
import { announce } from "./toast.js";
import { startUnsent } from "./unsent.js";
import { send } from "./upload.js";

class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.button = form.querySelector("[data-send]");
    this.says = form.querySelector("[data-says]");
    this.outbox = `parley-outbox:${document.body.dataset.person}:${form.dataset.draft}`;
    this.line = Promise.resolve();
    // Only with scripts can a reply be taken back where it stands.
    form.querySelector("[data-hold]")?.removeAttribute("disabled");
    this.bringBack();
    this.listen();
    this.refresh();
    this.dress();
  }

  get thread() { return document.querySelector(this.form.dataset.thread); }
  get area() { return areaOf(this.form); }
  get draft() { return draftOf(this.form); }

  listen() {
    const { form } = this;
    form.addEventListener("input", () => this.refresh());
    form.addEventListener("attach:changed", () => this.refresh());
    form.addEventListener("change", (event) => { if (event.target.name === "way") this.dress(); });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-way]");
      if (!button) return;
      form.elements.way.value = button.dataset.way;
      this.dress();
      this.text.focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        if (!this.button.disabled) form.requestSubmit(this.button);
      }
      if (event.key === "Escape" && event.target === this.text) this.text.blur();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  refresh() {
    const something = this.text.value.trim() !== "" || (this.area?.items.size ?? 0) > 0;
    this.form.classList.toggle("full", something);
    this.button.disabled = !something || this.uploading === true;
  }

  // The chosen way of saying it dresses the box and names the button.
  dress() {
    const way = this.form.querySelector("[name=way][data-button]:checked, [name=way] option:checked");
    if (!way) return;
    this.form.classList.toggle("paper", "paper" in way.dataset);
    this.button.querySelector("[data-word]").textContent = way.dataset.button;
    if (way.dataset.placeholder) this.text.placeholder = way.dataset.placeholder;
  }

  async submit() {
    if (this.packing || this.button.disabled) return;
    this.packing = true;
    // What the server has asked stands there, and its answer goes with the message.
    if (await this.uploaded()) {
      const parcel = this.pack();
      this.say("");
      this.deliver(parcel);
    }
    this.packing = false;
  }

  // Waits for the files; false when one of them has not got through: it says so itself.
  async uploaded() {
    if (!this.area?.busy) return true;
    this.uploading = true;
    this.refresh();
    await this.area.settled();
    this.uploading = false;
    this.refresh();
    return !this.area.failed.length;
  }

  // Takes what is in the box; from here on the box is free for the next message.
  pack() {
    const data = new FormData(this.form);
    data.delete("files");
    const faces = (this.area?.faces ?? []).map((row) => row.querySelector(".file-name").textContent);
    const text = this.text.value;
    const key = this.form.elements.submit_key.value;
    return { data, text, faces, key, files: this.empty() };
  }

  // Gives the files that were in it.
  empty() {
    this.text.value = "";
    const files = this.area?.take() ?? [];
    this.form.elements.submit_key.value = crypto.randomUUID?.() ?? fallbackKey();
    this.refresh();
    return files;
  }

  // One after the other, so that messages arrive in the order they were written.
  deliver(parcel) {
    parcel.bubble?.remove();
    parcel.bubble = this.bubble(parcel);
    this.keep(parcel);
    this.line = this.line.then(() => this.post(parcel));
  }

  async post(parcel) {
    await this.draft?.settled();
    const answer = await send(this.form.action, parcel.data);
    if (answer.ok && answer.body.includes("data-message")) return this.sent(parcel, answer);
    if (answer.ok && answer.body.includes("data-held")) return this.held(parcel, answer);
    if (answer.status === 0 || answer.status >= 500) return this.failed(parcel);
    this.refused(parcel, answer);
  }

  bubble(parcel) {
    const pattern = this.form.querySelector("template[data-sending]");
    if (!pattern || !this.thread) return null;
    const made = pattern.content.firstElementChild.cloneNode(true);
    made.dataset.bubble = "";
    const words = made.querySelector("[data-words]");
    words.append(Object.assign(document.createElement("p"), { className: "as-typed", textContent: parcel.text.trim() }));
    if (parcel.faces.length) words.append(Object.assign(document.createElement("p"), { className: "muted", textContent: parcel.faces.join(" · ") }));
    this.thread.append(made);
    made.scrollIntoView({ block: "nearest" });
    return made;
  }

  sent(parcel, answer) {
    const fragment = document.createElement("template");
    fragment.innerHTML = answer.body.trim();
    const message = fragment.content.querySelector("[data-message]");
    const there = document.getElementById(message.id);
    if (there) {
      there.replaceWith(message);
      parcel.bubble?.remove();
    } else if (parcel.bubble?.isConnected) parcel.bubble.replaceWith(message);
    else this.thread?.append(message);
    window.htmx?.process(message);
    startUnsent(message);
    this.forget(parcel);
    this.asked(parcel);
    this.draft?.sent(this.text.value);
    announce(this.form.dataset.textSent);
    document.body.dispatchEvent(new CustomEvent("live-ticket"));
  }

  // Somebody looks at it before it is sent: the page shows it as what waits.
  held(parcel, answer) {
    parcel.bubble?.remove();
    this.forget(parcel);
    this.asked(parcel);
    this.draft?.sent(this.text.value);
    this.says.innerHTML = answer.body;
    announce(this.says.textContent);
    document.body.dispatchEvent(new CustomEvent("live-ticket"));
  }

  // A question is asked once: the next words are an answer again, unless something else was chosen.
  asked(parcel) {
    const way = parcel.data.get("way");
    if (!way?.startsWith("ask") || this.form.elements.way.value !== way) return;
    this.form.elements.way.value = this.form.querySelector("[name=way][data-button], [name=way] option").value;
    this.dress();
  }

  failed(parcel) {
    const foot = parcel.bubble?.querySelector("[data-foot]");
    if (!foot) return this.putBack(parcel);
    parcel.bubble.classList.replace("sending", "failed");
    const again = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: this.form.dataset.textAgain });
    again.addEventListener("click", () => this.deliver(parcel));
    foot.replaceChildren(this.form.dataset.textFailed, " ", again);
    announce(this.form.dataset.textFailed);
  }

  // The server said why; the text and the files go back into the box.
  refused(parcel, answer) {
    parcel.bubble?.remove();
    this.putBack(parcel);
    if (answer.ok || answer.status === 401 || answer.status === 403) return this.signedOut();
    this.says.innerHTML = answer.body;
    window.htmx?.process(this.says);
    this.text.focus();
  }

  putBack(parcel) {
    const typed = this.text.value.trim();
    this.text.value = typed ? `${parcel.text}\n\n${typed}` : parcel.text;
    this.area?.putBack(parcel.files);
    this.form.elements.submit_key.value = parcel.key;
    this.refresh();
    this.draft?.typed();
  }

  signedOut() {
    this.say(`${this.form.dataset.textSignedOut} `, true);
    const link = Object.assign(document.createElement("a"), { textContent: this.form.dataset.textSignIn });
    link.href = `${this.form.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    this.says.firstElementChild.append(link);
  }

  // What has left the box and not arrived: should the page go away, the next one has it.
  keep(parcel) {
    try { localStorage.setItem(this.outbox, JSON.stringify({ text: parcel.text, key: parcel.key })); } catch { /* a full or forbidden store: the draft on the server has it */ }
  }

  forget(parcel) {
    try {
      if (JSON.parse(localStorage.getItem(this.outbox) ?? "{}").key === parcel.key) localStorage.removeItem(this.outbox);
    } catch { /* nothing was kept */ }
  }

  bringBack() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.outbox) ?? "null"); } catch { return; }
    if (!kept?.text) return;
    localStorage.removeItem(this.outbox);
    const typed = this.text.value.trim();
    this.text.value = typed && typed !== kept.text.trim() ? `${kept.text}\n\n${typed}` : kept.text;
    if (this.form.elements.submit_key) this.form.elements.submit_key.value = kept.key;
  }

  say(words, bad = false) {
    this.says.replaceChildren();
    if (!words) return;
    this.says.append(Object.assign(document.createElement("p"), { className: bad ? "notice bad" : "notice", textContent: words }));
  }
}

// Where randomUUID is not to be had: pages that came over plain HTTP from another machine.
const fallbackKey = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (
  Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16));

export const startComposers = (root) => {
  root.querySelectorAll("form[data-composer]").forEach((form) => {
    if (form.dataset.awake) return;
    form.dataset.awake = "yes";
    new Composer(form);
  });
};
