// The keyboard. Whatever has data-key="r" is pressed by r; "g t" is g, then t. In lists j and k (and
// the arrows) move between [data-row], Enter opens. ? shows the sheet.
import { openDialog } from "./dialog.js";

const PAIR_WITHIN = 900;
let before = "";
let beforeAt = 0;

const typing = (target) => target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]") ?? false;

const shown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

const press = (element) => {
  if (element.matches("input, textarea, select")) { element.focus(); element.select?.(); }
  else if (element.matches("[data-opens], a, button, label, summary")) element.click();
  else element.focus();
  if (element.matches("[popovertarget]")) element.focus(); // The arrows go on into the menu.
  if (element.dataset.then) document.getElementById(element.dataset.then)?.focus();
};

const byKey = (key) => [...document.querySelectorAll(`[data-key~="${CSS.escape(key)}"], [data-key="${CSS.escape(key)}"]`)]
  .find((element) => element.dataset.key === key && !element.disabled && (shown(element) || element.matches("[data-key-hidden]")));

const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

const move = (step) => {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((row) => row.hasAttribute("data-at") || row.contains(document.activeElement));
  const current = now >= 0 ? now : all.findIndex((row) => row.matches("[data-open], :has([data-open])"));
  const next = all[Math.max(0, Math.min(all.length - 1, current < 0 ? 0 : current + step))];
  all.forEach((row) => row.removeAttribute("data-at"));
  next.setAttribute("data-at", "");
  (next.matches("a") ? next : next.querySelector("a"))?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const onKey = (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  // Out of a field that a key led into, so that the next key is one again.
  if (event.key === "Escape" && event.target.matches?.("input[data-key]")) event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?" && openSheet()) return event.preventDefault();
  if (key === "j" || key === "k") { if (move(key === "j" ? 1 : -1)) event.preventDefault(); return; }
  const pair = Date.now() - beforeAt < PAIR_WITHIN ? `${before} ${key}` : "";
  const element = (pair && byKey(pair)) || byKey(key);
  before = key;
  beforeAt = Date.now();
  if (!element) return;
  event.preventDefault();
  before = "";
  press(element);
};

const openSheet = () => {
  const sheet = document.getElementById("keys-sheet");
  if (!sheet) return false;
  openDialog(sheet);
  return true;
};

export const startKeys = () => document.addEventListener("keydown", onKey);
