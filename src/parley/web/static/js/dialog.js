// Native dialogs, which newer browsers open without this (command="show-modal"): data-opens="id" opens one, data-closes or a click beside it closes it.

export const openDialog = (dialog) => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], textarea, input:not([type=hidden]):not([type=radio])")?.focus();
};

export const startDialogs = () => {
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
