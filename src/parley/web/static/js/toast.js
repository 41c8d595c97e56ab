// Short words top right, spoken too. They stay while looked at.

const STAYS = 7000;

const leave = (toast) => {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 200);
};

const leaveLater = (toast) => {
  let timer = setTimeout(() => leave(toast), STAYS);
  const stay = () => clearTimeout(timer);
  const go = () => { timer = setTimeout(() => leave(toast), STAYS / 2); };
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
};

export const toast = (text, tone = "") => {
  const region = document.getElementById("toasts");
  const pattern = document.getElementById("toast-pattern");
  if (!region || !pattern) return;
  const made = pattern.content.firstElementChild.cloneNode(true);
  if (tone) made.classList.add(tone);
  made.querySelector("div").textContent = text;
  region.append(made);
  if (tone !== "bad") leaveLater(made);
};

// For what changes on the page without anybody looking there.
export const announce = (text) => {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
};

export const startToasts = () => {
  document.querySelectorAll("#toasts > .toast:not(.bad)").forEach(leaveLater);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) leave(button.closest(".toast") ?? button.parentElement);
  });
  document.body.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
  document.body.addEventListener("htmx:sendError", () => toast(document.body.dataset.textOffline, "bad"));
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) toast(document.body.dataset.textBroken, "bad");
  });
};
