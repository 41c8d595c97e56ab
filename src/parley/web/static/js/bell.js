// The number of the bell stands in the title too, where it is seen from another tab, and is spoken
// when it grows.
import { announce } from "./toast.js";

let before = 0;

const show = () => {
  const count = Number.parseInt(document.querySelector("#bell .count")?.textContent ?? "0", 10) || 0;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (count) document.title = `(${count}) ${document.title}`;
  if (count > before) announce(document.getElementById("bell").getAttribute("aria-label"));
  before = count;
};

export const startBell = () => {
  if (!document.getElementById("bell")) return;
  before = Number.MAX_SAFE_INTEGER;
  show();
  document.body.addEventListener("htmx:afterSettle", show);
};
