// The thread: at the start one stands where reading stopped; what arrives later is put behind what
// is there, announced, and followed only by someone who was already at the end.
import { announce } from "./toast.js";
import { csrf, fill } from "./upload.js";

const NEAR = 160;

// The thread and the box to answer in. On a wide desk they scroll in a pane of their own; elsewhere with
// the page, on which more may follow them.
const talk = (thread) => thread.closest(".pane-thread, .ticket-main");
const scrolls = (box) => box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto";

const atEnd = (thread) => {
  const box = talk(thread);
  if (scrolls(box)) return box.scrollTop + box.clientHeight >= box.scrollHeight - NEAR;
  const { bottom } = box.getBoundingClientRect();
  return bottom > 0 && bottom <= innerHeight + NEAR;
};

const toEnd = (thread) => {
  const box = talk(thread);
  if (scrolls(box)) box.scrollTop = box.scrollHeight;
  else box.scrollIntoView({ block: "end" });
};

const goToStart = (thread) => {
  if (location.hash.length > 1 && document.getElementById(location.hash.slice(1))) return;
  const mark = thread.querySelector(".new-mark");
  if (mark) mark.scrollIntoView({ block: "center" });
  else if (thread.querySelectorAll("[data-message]").length > 3) toEnd(thread);
};

// Tells the server that what is shown has been read, once it is looked at.
const tellSeen = () => {
  const ticket = document.querySelector("[data-seen]");
  if (!ticket || document.hidden) return;
  const data = new FormData();
  data.append("csrfmiddlewaretoken", csrf());
  // The server's clock and not the reader's, which may be an hour off.
  data.append("upto", document.querySelector("[data-thread-list]").dataset.asOf);
  fetch(ticket.dataset.seen, { method: "POST", body: data }).catch(() => {});
};

// A picture's thumbnail is drawn after its message came, and nobody is told: one looks again, a few
// times, for those that have just come.
const LOOK_AGAIN_AFTER = [800, 2_000, 5_000];
const JUST_NOW = 60_000;
let looks = 0;

const lookForThumbnails = (thread) => {
  const undrawn = [...thread.querySelectorAll('.file use[href="#i-image"]')]
    .some((use) => Date.now() - Date.parse(use.closest("[data-message]")?.querySelector("time")?.dateTime) < JUST_NOW);
  if (!undrawn) { looks = 0; return; }
  if (looks < LOOK_AGAIN_AFTER.length) setTimeout(() => document.body.dispatchEvent(new CustomEvent("live-ticket")), LOOK_AGAIN_AFTER[looks++]);
};

export const startThread = (root) => {
  const thread = root.querySelector?.("[data-thread-list]") ?? (root.matches?.("[data-thread-list]") ? root : null);
  if (!thread || thread.dataset.awake) return;
  thread.dataset.awake = "yes";
  goToStart(thread);
  tellSeen();
  lookForThumbnails(thread);
};

const sameItem = (one, other) => one && other
  && (one.id || other.id ? one.id === other.id : one.className === other.className && one.querySelector("span")?.textContent === other.querySelector("span")?.textContent);

const renewTimes = (old, fresh) => {
  const times = fresh.querySelectorAll("time");
  old.querySelectorAll("time").forEach((time, index) => { if (times[index]) time.replaceWith(times[index].cloneNode(true)); });
  // A thumbnail is made after the message: its tile becomes a picture.
  const files = old.querySelector(".files");
  const freshFiles = fresh.querySelector(".files");
  if (files && freshFiles && files.innerHTML !== freshFiles.innerHTML) files.replaceWith(freshFiles.cloneNode(true));
};

// Items that are there stay as they are, so that nobody's selection or reading place is lost.
const merge = (thread, fresh) => {
  const old = new Map([...thread.querySelectorAll("[data-message]")].map((item) => [item.id, item]));
  const bubbles = [...thread.querySelectorAll("[data-bubble]")];
  const arrived = [...fresh.querySelectorAll("[data-message]:not(.own)")].filter((item) => !old.has(item.id));
  let at = thread.firstElementChild;
  for (const item of [...fresh.children]) {
    const there = old.get(item.id) ?? (sameItem(at, item) ? at : null);
    if (there) renewTimes(there, item);
    if (there === at && there) { at = at.nextElementSibling; continue; }
    thread.insertBefore(there ?? item, at);
    if (!there) window.htmx?.process(item);
  }
  while (at) { const next = at.nextElementSibling; if (!bubbles.includes(at)) at.remove(); at = next; }
  return arrived;
};

document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const thread = event.detail.target;
  if (!thread.matches?.("[data-thread-list]")) return;
  event.detail.shouldSwap = false;
  const fresh = event.detail.fragment.matches?.("[data-thread-list]") ? event.detail.fragment : event.detail.fragment.querySelector("[data-thread-list]");
  const followed = atEnd(thread);
  const arrived = merge(thread, fresh);
  thread.dataset.asOf = fresh.dataset.asOf;
  lookForThumbnails(thread);
  if (!arrived.length) return;
  announce(fill(thread.dataset.textNew, { name: arrived.at(-1).querySelector(".who-name")?.textContent ?? "" }));
  if (followed) toEnd(thread);
  tellSeen();
});

document.addEventListener("visibilitychange", tellSeen);
