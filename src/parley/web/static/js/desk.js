// The desk changes tickets without changing pages: the list shows which is open, the title and the
// stream follow.
import { follow } from "./live.js";

let open = "";

const markRows = () => {
  document.querySelectorAll(".queue-row").forEach((row) => {
    const here = new URL(row.href).pathname === location.pathname;
    row.toggleAttribute("data-open", here);
    if (here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (here) row.closest("li").classList.remove("unread");
  });
};

const settle = () => {
  const workspace = document.getElementById("workspace");
  if (!workspace) return;
  markRows();
  const ticket = workspace.dataset.ticket ?? "";
  if (ticket === open) return;
  if (open !== "" || !document.title.includes(workspace.dataset.title ?? "")) {
    if (workspace.dataset.title) document.title = workspace.dataset.title;
    follow();
  }
  open = ticket;
};

export const startDesk = () => {
  if (!document.getElementById("workspace")) return;
  settle();
  document.body.addEventListener("htmx:afterSettle", settle);
  document.body.addEventListener("htmx:pushedIntoHistory", settle);
};
