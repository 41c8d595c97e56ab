// Puts words into the box one writes in, behind what stands there; they are sent by nobody but the
// writer. <button data-inserts="the words" data-into="id of the box">.
//
// What a macro begins (data-begins, with the data-way it is to be said) comes with an answer of the
// server's and is put in by itself.

const put = (into, words) => {
  const box = document.getElementById(into);
  if (!box) return;
  const typed = box.value.trimEnd();
  box.value = typed ? `${typed}\n\n${words}` : words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  box.scrollTop = 0;
};

// The way that is named so, or begins so where there is one for each side.
const choose = (form, way) => {
  const ways = [...form.querySelectorAll("[name=way]:is(input), [name=way] option")];
  const wanted = ways.find((one) => one.value === way) ?? ways.find((one) => one.value.startsWith(`${way}-`));
  if (!wanted || !form.elements.way) return;
  form.elements.way.value = wanted.value;
  (wanted.closest("select") ?? wanted).dispatchEvent(new Event("change", { bubbles: true }));
};

const begin = (piece) => {
  const { begins, way, into } = piece.dataset;
  const box = document.getElementById(into);
  if (way && box?.form) choose(box.form, way);
  if (begins) put(into, begins);
};

export const startInserting = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-inserts]");
    if (button) put(button.dataset.into, button.dataset.inserts);
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const piece = document.getElementById("begun");
    if (event.detail.target?.id !== "begun" || !piece?.dataset.into) return;
    begin(piece);
    delete piece.dataset.into;
  });
};
