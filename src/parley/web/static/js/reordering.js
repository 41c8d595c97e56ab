// Lists whose entries move up and down by their buttons: in place here, by the server without scripts.

const move = (button) => {
  const entry = button.closest("li");
  const up = button.value.endsWith(":up");
  const other = up ? entry.previousElementSibling : entry.nextElementSibling;
  if (!other) return;
  other[up ? "before" : "after"](entry);
  button.focus();
  entry.dispatchEvent(new CustomEvent("reordered", { bubbles: true }));
};

export const startReordering = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reorders] button[name=move]");
    if (!button) return;
    event.preventDefault();
    move(button);
  });
};
