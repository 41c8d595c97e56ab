// Native dialogs, which newer browsers open without this (command="show-modal"): data-opens="id" opens one, data-closes or a click beside it closes it.

export const openDialog = (dialog) => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], textarea, input:not([type=hidden]):not([type=radio])")?.focus();
};

const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

// A link with data-dialog leads to a page of its own; here it is asked for as a dialog, into #dialogs.
const startArriving = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || !window.htmx || !isPlain(event)) return;
    event.preventDefault();
    link.closest("[popover]")?.hidePopover();
    window.htmx.ajax("GET", link.href, { target: "#dialogs", swap: "beforeend" });
  });
  // A refusal comes with what was typed: it takes the dialog's place like any other answer.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (!target.matches?.("dialog[data-arrives]") || ![409, 422].includes(xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
};

// One that was fetched to be looked at now: <dialog data-arrives>, put into #dialogs.
export const openArrived = (root) => {
  if (!root.matches?.("dialog[data-arrives]")) return;
  const from = document.activeElement;
  openDialog(root);
  root.addEventListener("close", () => {
    root.remove();
    // From a menu that has closed meanwhile, back to what had opened it.
    const menu = from?.closest?.(".menu[popover]");
    const back = menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : from;
    if (document.activeElement === document.body) back?.focus({ preventScroll: true });
  }, { once: true });
};

export const startDialogs = () => {
  startArriving();
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      opener.closest("[popover]")?.hidePopover();
      return openDialog(document.getElementById(opener.dataset.opens));
    }
    const dialog = event.target.closest("dialog");
    if (!dialog) return;
    if (!event.target.closest("[data-closes]") && !isBeside(event, dialog)) return;
    event.preventDefault();
    dialog.close();
  });
};

// A click on the backdrop reaches the dialog itself, outside its box.
const isBeside = (event, dialog) => {
  if (event.target !== dialog || event.detail === 0) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right
    || event.clientY < box.top || event.clientY > box.bottom;
};
