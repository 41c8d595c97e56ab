// Forms: the button is live once the required fields are filled, and is pressed only once.

const FILLABLE = "input[required], select[required], textarea[required]";

const isFilled = (field) => {
  if (field.disabled) return true;
  if (field.type === "radio") return field.form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`) !== null;
  if (field.type === "checkbox") return field.checked;
  return field.value.trim() !== "";
};

const gate = (form) => {
  const filled = [...form.querySelectorAll(FILLABLE)].every(isFilled);
  form.querySelectorAll("[data-gated]").forEach((button) => { button.disabled = !filled; });
};

const startGate = (form) => {
  if (form.dataset.awake) return;
  form.dataset.awake = "yes";
  const again = () => gate(form);
  form.addEventListener("input", again);
  form.addEventListener("change", again);
  form.addEventListener("reset", () => setTimeout(again));
  again();
};

// Asked again whenever something else changes a field behind the form's back.
export const regate = (form) => { if (form?.matches("[data-gate]")) gate(form); };

// Typed and left again while the page was still waking up: nobody heard that change. Only where the browser
// brings nothing back by itself, or coming Back would send it again.
const wasChangedBefore = (field) =>
  field.matches("input[autocomplete=off]") && field.value !== field.defaultValue && field !== document.activeElement;

export const startForms = (root) => {
  root.querySelectorAll("form[data-gate]").forEach(startGate);
  root.querySelectorAll("[data-counts]").forEach((select) => {
    if (select.dataset.awake) return;
    select.dataset.awake = "yes";
    select.addEventListener("change", () => select.form.requestSubmit());
    if (wasChangedBefore(select)) select.form.requestSubmit();
  });
};

// A second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[data-composer], [data-download], [hx-post], [hx-get], [method=dialog], [method=get]") || !form.matches("[method=post]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
});
