// What is renewed by itself is not taken out of anybody's hands: while one of its menus is open, or
// somebody types in it, it waits; what was filled in is carried over.

const TYPING = "input:not([type=radio], [type=checkbox]), textarea";

const handsIn = (piece) => {
  const menu = piece.querySelector(":popover-open");
  if (menu) return menu;
  const at = document.activeElement;
  return piece.contains(at) && at.matches(TYPING) ? at : null;
};

// What somebody is just doing here brings the piece anew itself; its form or button has to be there then,
// or the answer finds no page to go to.
const isAtWork = (piece) => piece.querySelector("form.htmx-request, button.htmx-request") !== null;

const waitFor = (hands, topic) => {
  if (hands.dataset.holds) return;
  hands.dataset.holds = topic;
  hands.addEventListener(hands.matches("[popover]") ? "toggle" : "blur", () => {
    delete hands.dataset.holds;
    document.body.dispatchEvent(new CustomEvent(topic));
  }, { once: true });
};

const isFilled = (field) => field.name && field.type !== "hidden"
  && (field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

const carryOver = (piece, fresh) => {
  for (const field of [...piece.querySelectorAll("input, textarea")].filter(isFilled)) {
    const twins = [...fresh.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)];
    const twin = twins.find((one) => !one.matches("[type=radio], [type=checkbox]") || one.value === field.value);
    if (!twin) continue;
    twin.checked = field.checked;
    if (!twin.matches("[type=radio], [type=checkbox]")) twin.value = field.value;
  }
};

// Set for the swaps that follow: whether the page asked by itself, or somebody did something.
let byItself = false;

const renewPiece = (event) => {
  const { target, fragment } = event.detail;
  if (!byItself || target.matches("[data-thread-list]") || target.id === "toasts") return;
  const hands = handsIn(target);
  if (hands) waitFor(hands, "live-ticket");
  if (hands || isAtWork(target)) event.detail.shouldSwap = false;
  else carryOver(target, fragment);
};

const renewWhole = (event) => {
  const { target, requestConfig } = event.detail;
  const topic = requestConfig?.triggeringEvent?.type ?? "";
  byItself = topic.startsWith("live-");
  // On a ticket's page the target is all of it, and only its pieces are renewed.
  if (!byItself || target === document.body || target.matches("[data-live-ticket], [data-pieces]")) return;
  const hands = handsIn(target);
  if (!hands && !isAtWork(target)) return;
  event.detail.shouldSwap = false;
  if (hands) waitFor(hands, topic);
};

export const startRenewing = () => {
  document.body.addEventListener("htmx:beforeSwap", renewWhole);
  document.body.addEventListener("htmx:oobBeforeSwap", renewPiece);
};
