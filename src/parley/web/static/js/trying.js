// <button data-tries="id of where it shows" formaction="…">: the form is tried out, and what is found is shown
// step by step as the server finds it. Busy meanwhile, so that it is read out once, when all of it is there.

const show = async (answer, place) => {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let page = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    page += part.value;
    place.innerHTML = page;
    place.scrollIntoView({ block: "nearest" });
  }
};

const tryOut = async (button, place) => {
  button.disabled = true;
  place.setAttribute("aria-busy", "true");
  place.replaceChildren();
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: new FormData(button.form), headers: { "HX-Request": "true" } });
    if (answer.ok) await show(answer, place);
    else place.textContent = document.body.dataset.textBroken;
  } catch {
    place.textContent = document.body.dataset.textOffline;
  }
  place.removeAttribute("aria-busy");
  button.disabled = false;
};

// What was found is of what was in the form then.
const forget = (form) => {
  const button = form?.querySelector("[data-tries]");
  const place = button && document.getElementById(button.dataset.tries);
  if (place && !place.hasAttribute("aria-busy")) place.replaceChildren();
};

export const startTrying = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tries]");
    if (!button) return;
    event.preventDefault();
    tryOut(button, document.getElementById(button.dataset.tries));
  });
  for (const changed of ["input", "htmx:afterRequest"]) document.addEventListener(changed, (event) => forget(event.target.closest("form")));
};
