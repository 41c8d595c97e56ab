// Tells the others at the desk that this ticket is open here, and that an answer is being written.
import { csrf } from "./upload.js";

const EVERY = 20_000;
const TYPING_EVERY = 3_000;
const TYPED_WITHIN = 6_000;

let at = "";
let typedAt = 0;
let toldAt = 0;

const line = () => document.querySelector("[data-looking]");

const tell = (address, words) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", csrf());
  for (const [name, value] of Object.entries(words)) data.set(name, value);
  // It outlives the page: whoever leaves says so.
  fetch(address, { method: "POST", body: data, credentials: "same-origin", keepalive: true }).catch(() => {});
};

const look = () => {
  const here = line()?.dataset.looking ?? "";
  if (at && at !== here) tell(at, { gone: "1" });
  at = here;
  if (!here || document.hidden) return;
  toldAt = Date.now();
  tell(here, { types: Date.now() - typedAt < TYPED_WITHIN ? "1" : "0" });
};

const leave = () => {
  if (at) tell(at, { gone: "1" });
  at = "";
};

export const startLooking = () => {
  if (!document.getElementById("workspace")) return;
  look();
  setInterval(look, EVERY);
  document.body.addEventListener("htmx:afterSettle", () => { if ((line()?.dataset.looking ?? "") !== at) { typedAt = 0; look(); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else look(); });
  addEventListener("pagehide", leave);
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.("form[data-composer]") || !event.target.value?.trim()) return;
    const isNews = Date.now() - typedAt > TYPED_WITHIN;
    typedAt = Date.now();
    if (isNews || Date.now() - toldAt > TYPING_EVERY) look();
  });
};
