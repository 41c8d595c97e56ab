// The page on which an article is written.
import { startLines } from "./lines.js";
import { startNarrowing } from "./narrowing.js";
import { startPictures } from "./picturing.js";
import { startPreview } from "./previewing.js";
import { Saving } from "./saving.js";
import { startTyping } from "./typing.js";

const form = document.querySelector("form[data-writing]");
const field = form.elements.body;

startLines(form);
startNarrowing();
startTyping(form, field);
startPictures(form, field);
startPreview(form);
const saving = new Saving(form);

// How it stands, once the desk has it: a draft, changed since it was published, or as readers see it.
form.addEventListener("writing:saved", (event) => {
  const state = !form.dataset.published ? "draft" : event.detail.changed ? "changed" : "published";
  const badge = document.querySelector("[data-state-here]");
  if (badge && !form.dataset.withdrawn) {
    badge.textContent = form.dataset[`state${state[0].toUpperCase()}${state.slice(1)}`];
    badge.className = `badge ${state === "published" ? "good" : "warn"}`;
  }
  document.querySelectorAll("[data-if-changed]").forEach((item) => { item.hidden = !event.detail.changed; });
});

// What goes on from the text as the desk has it waits until it has all of it.
let passing = null;
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-after-saving]");
  if (!opener || opener === passing || event.ctrlKey || event.metaKey || event.shiftKey || !saving.isDirty) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!await saving.save()) return;
  passing = opener;
  opener.click();
  passing = null;
}, true);

// The one line of the title grows, and ends nowhere but at its own end.
const title = form.elements.title;
title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  form.elements.summary.focus();
});
form.elements.summary.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  field.focus();
});
title.addEventListener("input", () => { document.querySelectorAll("[data-title-here]").forEach((place) => { place.textContent = title.value || place.dataset.titleHere; }); });
