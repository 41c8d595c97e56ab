// The field an article is written in: its toolbar, its shortcuts, and what is pasted into it.
import * as marking from "./marking.js";

// Typed on somebody's behalf, so that the browser's own undo takes it back.
export const put = (field, change) => {
  field.focus();
  field.setSelectionRange(change.from, change.to);
  const done = change.text === ""
    ? change.from === change.to || document.execCommand("delete")
    : document.execCommand("insertText", false, change.text);
  if (!done) {
    field.setRangeText(change.text, change.from, change.to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(change.start, change.end);
};

const deedsOf = (words) => ({
  bold: marking.wrap("**", words.bold),
  italic: marking.wrap("*", words.italic),
  code: marking.wrap("`", words.code),
  link: marking.link(words.link),
  heading: marking.heading,
  steps: marking.steps,
  bullets: marking.bullets,
  tip: marking.callout("TIP", words.callout),
  note: marking.callout("NOTE", words.callout),
  warning: marking.callout("WARNING", words.callout),
  video: marking.video(words.video),
});

const SHORTCUTS = { b: "bold", i: "italic", k: "link", e: "code" };
const SHIFTED = { Digit7: "steps", Digit8: "bullets", KeyH: "heading" };

const deedFor = (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  return event.shiftKey ? SHIFTED[event.code] : SHORTCUTS[event.key.toLowerCase()];
};

const isAddress = (text) => /^https?:\/\/\S+$/.test(text.trim());

export const startTyping = (form, field) => {
  const deeds = deedsOf(JSON.parse(form.dataset.words));
  const act = (name) => put(field, deeds[name](field.value, field.selectionStart, field.selectionEnd));

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    button.closest("[popover]")?.hidePopover();
    act(button.dataset.mark);
  });
  // Pressing a button must not take the selection away.
  form.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".write-tools [data-mark]")) event.preventDefault();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const deed = deedFor(event);
    if (deed) {
      event.preventDefault();
      event.stopPropagation();
      return act(deed);
    }
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const change = marking.enter(field.value, field.selectionStart, field.selectionEnd);
    if (!change) return;
    event.preventDefault();
    put(field, change);
  });
  // An address pasted over words makes them a link.
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
    if (!chosen.trim() || chosen.includes("\n") || isAddress(chosen) || !isAddress(text)) return;
    event.preventDefault();
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const made = `[${chosen}](${text.trim()})`;
    put(field, { from: start, to: end, text: made, start: start + made.length, end: start + made.length });
  });
};
