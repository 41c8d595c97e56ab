// Opening a ticket: the topic decides who it may go to and whether an order is asked for; the
// prompts put their heading into the description.
import { draftOf } from "./drafts.js";
import { regate } from "./forms.js";
import { announce } from "./toast.js";

const fit = (form) => {
  const topic = form.elements.topic.selectedOptions[0];
  const kind = topic?.dataset.to ?? "";
  const to = form.querySelector("[data-to-field]");
  const parties = form.elements.to;
  if (to && parties) {
    const asked = kind !== "" && kind !== "operator";
    to.hidden = !asked;
    parties.required = asked;
    for (const option of parties.options) option.disabled = option.value !== "" && option.dataset.kind !== kind;
    if (parties.selectedOptions[0]?.disabled) parties.value = "";
    parties.dispatchEvent(new Event("picker:reset"));
  }
  const order = form.querySelector("[data-order-field]");
  const field = form.elements.order_number;
  if (order && field) {
    order.hidden = topic?.dataset.order === "none" || !topic?.value;
    field.required = topic?.dataset.order === "required";
    const label = field.labels[0];
    label.querySelector(".must")?.remove();
    if (field.required) label.append(Object.assign(document.createElement("span"), { className: "must", textContent: "*", ariaHidden: "true" }));
  }
  regate(form);
};

const startPrompts = (box) => {
  const text = document.getElementById(box.dataset.prompts);
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const before = text.value.trimEnd();
    text.value = `${before}${before ? "\n\n" : ""}${button.textContent.trim()}: `;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    button.remove();
  });
};

// Articles that may answer it are offered where one writes: told once, and only when they have changed.
const startAnswers = (box) => {
  let told = "";
  box.addEventListener("htmx:afterSettle", () => {
    const says = box.querySelector("[data-says]")?.dataset.says ?? "";
    const which = box.textContent;
    if (says && which !== told) announce(says);
    told = which;
  });
  // It was answered: what was typed is not to come back with the next ticket.
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-answered]")) draftOf(box.closest("form"))?.dropped();
  });
};

export const startNewTicket = (root) => {
  root.querySelectorAll("[data-prompts]").forEach(startPrompts);
  const form = root.querySelector("form[data-new-ticket]");
  if (!form) return;
  form.elements.topic.addEventListener("change", () => fit(form));
  // What the topic asks for besides has come: the button waits for that, too.
  form.querySelector("#topic-fields")?.addEventListener("htmx:afterSettle", () => regate(form));
  fit(form);
  startAnswers(form.querySelector("#answers"));
};
