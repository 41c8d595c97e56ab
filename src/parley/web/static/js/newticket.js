// Opening a ticket: the topic decides who it may go to and whether an order is asked for; the
// prompts put their heading into the description.
import { regate } from "./forms.js";

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

export const startNewTicket = (root) => {
  root.querySelectorAll("[data-prompts]").forEach(startPrompts);
  const form = root.querySelector("form[data-new-ticket]");
  if (!form) return;
  form.elements.topic.addEventListener("change", () => fit(form));
  fit(form);
};
