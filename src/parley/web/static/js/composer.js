// Sending a message: it stands in the thread at once, marked "sending", and then is sent, or failed
// with its text and files kept. The submit key makes a repeated try the same message.
//
// <form data-composer data-thread="#thread"> … <template data-sending> in it is the bubble.
import { areaOf } from "./attach.js";
import { draftOf } from "./drafts.js";
import { announce } from "./toast.js";
import { send } from "./upload.js";

class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.button = form.querySelector("[data-send]");
    this.says = form.querySelector("[data-says]");
    this.listen();
    this.refresh();
    this.dress();
  }

  get thread() { return document.querySelector(this.form.dataset.thread); }
  get area() { return areaOf(this.form); }

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
      this.submit(event.submitter);
    });
  }

  refresh() {
    const something = this.text.value.trim() !== "" || (this.area?.items.size ?? 0) > 0;
    this.form.classList.toggle("full", something);
    this.button.disabled = !something;
  }

  // The chosen way of saying it dresses the box and names the button.
  dress() {
    const way = this.form.querySelector("[name=way][data-button]:checked, [name=way] option:checked");
    if (!way) return;
    this.form.classList.toggle("paper", "paper" in way.dataset);
    this.form.classList.toggle("private", way.value.startsWith("only"));
    this.button.querySelector("[data-word]").textContent = way.dataset.button;
    if (way.dataset.placeholder) this.text.placeholder = way.dataset.placeholder;
  }

  async submit(submitter) {
    if (this.sending) return;
    this.sending = true;
    this.say("");
    const bubble = this.bubble();
    this.button.disabled = true;
    await this.area?.settled();
    await draftOf(this.form)?.settled();
    if (this.area?.failed.length) return this.failed(bubble, 0);
    const data = new FormData(this.form, submitter?.name ? submitter : undefined);
    data.delete("files");
    const answer = await send(this.form.action, data);
    if (answer.ok && !this.wentElsewhere(answer)) return this.sent(bubble, answer);
    if (answer.status === 0 || answer.status >= 500) return this.failed(bubble, answer.status);
    this.refused(bubble, answer);
  }

  // An expired session answers with the sign-in page instead of the message.
  wentElsewhere(answer) {
    return answer.status === 401 || (answer.url && new URL(answer.url).pathname !== new URL(this.form.action, location.href).pathname && !answer.body.includes("data-message"));
  }

  bubble() {
    const pattern = this.form.querySelector("template[data-sending]");
    this.thread?.querySelectorAll(".message.failed[data-bubble]").forEach((old) => old.remove());
    if (!pattern || !this.thread) return null;
    const made = pattern.content.firstElementChild.cloneNode(true);
    made.dataset.bubble = "";
    const words = document.createElement("p");
    words.className = "as-typed";
    words.textContent = this.text.value.trim();
    made.querySelector("[data-words]").append(words);
    const names = (this.area?.faces ?? []).map((row) => row.querySelector(".file-name").textContent);
    if (names.length) made.querySelector("[data-words]").append(Object.assign(document.createElement("p"), { className: "muted", textContent: names.join(" · ") }));
    this.thread.append(made);
    made.scrollIntoView({ block: "nearest" });
    return made;
  }

  sent(bubble, answer) {
    const fragment = document.createElement("template");
    fragment.innerHTML = answer.body.trim();
    const message = fragment.content.querySelector("[data-message]");
    if (!message) return location.reload();
    const there = document.getElementById(message.id);
    if (there) {
      there.replaceWith(message);
      bubble?.remove();
    } else if (bubble?.isConnected) bubble.replaceWith(message);
    else this.thread?.append(message);
    window.htmx?.process(message);
    draftOf(this.form)?.done();
    this.text.value = "";
    this.area?.clear();
    this.newKey();
    this.free();
    announce(this.form.dataset.textSent);
    document.body.dispatchEvent(new CustomEvent("live-ticket"));
  }

  failed(bubble) {
    this.free();
    const foot = bubble?.querySelector("[data-foot]");
    if (!foot) return this.say(this.form.dataset.textFailed, true);
    bubble.classList.replace("sending", "failed");
    const again = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: this.form.dataset.textAgain });
    again.addEventListener("click", () => { bubble.remove(); this.submit(); });
    foot.replaceChildren(this.form.dataset.textFailed, " ", again);
    announce(this.form.dataset.textFailed);
  }

  // The server said why; the text and the files are still in the box.
  refused(bubble, answer) {
    bubble?.remove();
    this.free();
    if (this.wentElsewhere(answer) || answer.status === 403) return this.say(this.form.dataset.textSignedOut, true);
    this.says.innerHTML = answer.body;
    window.htmx?.process(this.says);
    this.text.focus();
  }

  free() {
    this.sending = false;
    this.refresh();
  }

  newKey() {
    const field = this.form.elements.submit_key;
    if (field) field.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  }

  say(words, bad = false) {
    this.says.replaceChildren();
    if (!words) return;
    const notice = document.createElement("p");
    notice.className = bad ? "notice bad" : "notice";
    notice.textContent = words;
    this.says.append(notice);
  }
}

export const startComposers = (root) => {
  root.querySelectorAll("form[data-composer]").forEach((form) => {
    if (form.dataset.awake) return;
    form.dataset.awake = "yes";
    new Composer(form);
  });
};
