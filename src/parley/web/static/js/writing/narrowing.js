// A long list of boxes to tick, narrowed by typing; what is ticked stays in sight.

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

export const startNarrowing = () => document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-narrows]");
  if (!field) return;
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  for (const choice of field.closest("[data-narrowing]").querySelectorAll("label.check")) {
    const said = plain(choice.textContent);
    choice.hidden = !choice.querySelector("input").checked && !words.every((word) => said.includes(word));
  }
});
