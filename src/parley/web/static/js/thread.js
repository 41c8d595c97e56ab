// The thread: at the start one stands where reading stopped; what arrives later is announced, and
// followed only by someone who was already at the end.
import { announce } from "./toast.js";

const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;

const isPane = (thread) => thread.closest(".pane-thread");

const goToStart = (thread) => {
  if (location.hash.length > 1 && document.getElementById(location.hash.slice(1))) return;
  const mark = thread.querySelector(".new-mark");
  const target = mark ?? (thread.dataset.startsAt === "end" ? thread.lastElementChild : null);
  target?.scrollIntoView({ block: mark ? "center" : "end" });
};

export const startThread = (root) => {
  const thread = root.querySelector?.("[data-thread-list]") ?? (root.matches?.("[data-thread-list]") ? root : null);
  if (!thread || thread.dataset.awake) return;
  thread.dataset.awake = "yes";
  goToStart(thread);
};

// Before a thread is renewed: who was there; after: what is new.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const thread = event.detail.target;
  if (!thread.matches?.("[data-thread-list]")) return;
  thread.dataset.had = [...thread.querySelectorAll("[data-message]")].map((one) => one.id).join(" ");
  thread.wasAtEnd = isPane(thread) ? paneAtEnd(isPane(thread)) : atEnd();
});

const paneAtEnd = (pane) => pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 160;

document.body.addEventListener("htmx:afterSwap", (event) => {
  const thread = event.detail.target;
  if (!thread.matches?.("[data-thread-list]") || !thread.dataset.had) return;
  const had = new Set(thread.dataset.had.split(" "));
  const fresh = [...thread.querySelectorAll("[data-message]:not(.own)")].filter((one) => !had.has(one.id));
  if (!fresh.length) return;
  announce(fresh.at(-1).dataset.said ?? "");
  if (thread.wasAtEnd) fresh.at(-1).scrollIntoView({ block: "nearest" });
});
