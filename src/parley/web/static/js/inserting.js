// Puts words into the box one writes in, behind what stands there; they are sent by nobody but the
// writer. <button data-inserts="the words" data-into="id of the box">.

const insert = (button) => {
  const box = document.getElementById(button.dataset.into);
  if (!box) return;
  const typed = box.value.trimEnd();
  box.value = typed ? `${typed}\n\n${button.dataset.inserts}` : button.dataset.inserts;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  box.scrollTop = 0;
};

export const startInserting = () => document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inserts]");
  if (button) insert(button);
});
