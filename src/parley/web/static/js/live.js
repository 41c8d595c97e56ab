// One stream while the page is looked at. A push says only "this changed": the topic becomes an event
// on <body>, and whatever listens (hx-trigger="live-ticket from:body") fetches its own fragment.

const HIDDEN_FOR = 20_000; // A page nobody looks at gives its connection back: browsers have six.
const SAY_AFTER = 2_500;
const LONGEST_WAIT = 30_000;
const GATHER = { typing: 60, ticket: 60, person: 120, party: 900, order: 60, orders: 900, balance: 600 };

let source = null;
let wait = 1_000;
let timers = {};
let hideTimer = 0;
let sayTimer = 0;
let retryTimer = 0;
let missed = false;
let lastId = "";

const tell = (topic) => {
  if (timers[topic]) return;
  timers[topic] = setTimeout(() => {
    delete timers[topic];
    document.body.dispatchEvent(new CustomEvent(`live-${topic}`));
  }, GATHER[topic] ?? 120);
};

const catchUp = () => Object.keys(GATHER).forEach(tell);

const sayLost = (lost) => {
  clearTimeout(sayTimer);
  const line = document.getElementById("line-state");
  if (!line) return;
  if (!lost) { line.hidden = true; return; }
  sayTimer = setTimeout(() => { line.hidden = false; }, SAY_AFTER);
};

const onOpen = () => {
  wait = 1_000;
  sayLost(false);
  if (missed) catchUp();
  missed = false;
};

const onError = () => {
  missed = true;
  sayLost(true);
  if (source?.readyState !== EventSource.CLOSED) return;
  source = null;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(open, wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST_WAIT);
};

const address = () => {
  const url = new URL(document.body.dataset.stream, location.href);
  const ticket = document.querySelector("[data-live-ticket]")?.dataset.liveTicket;
  if (ticket) url.searchParams.set("ticket", ticket);
  const order = document.querySelector("[data-live-order]")?.dataset.liveOrder;
  if (order) url.searchParams.set("order", order);
  if (document.querySelector("[data-live-orders]")) url.searchParams.set("orders", "all");
  if (document.querySelector("[data-live-balance]")) url.searchParams.set("balance", "own");
  if (lastId) url.searchParams.set("since", lastId);
  return url;
};

const open = () => {
  if (source || document.hidden) return;
  source = new EventSource(address());
  source.addEventListener("open", onOpen);
  source.addEventListener("error", onError);
  source.addEventListener("ping", (event) => { lastId = event.lastEventId || lastId; });
  source.addEventListener("changed", (event) => {
    lastId = event.lastEventId || lastId;
    tell(event.data);
  });
  // Told to stop: this person has many pages open, and others were looked at later. Coming back to
  // this one opens its stream again.
  source.addEventListener("end", close);
};

const close = () => {
  source?.close();
  source = null;
  missed = true;
};

// The desk changes tickets without changing pages: the stream follows.
export const follow = () => { if (source) { close(); missed = false; open(); } };

export const startLive = () => {
  if (!document.body.dataset.stream || !("EventSource" in window)) return;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hideTimer);
    if (document.hidden) hideTimer = setTimeout(close, HIDDEN_FOR);
    else open();
  });
  addEventListener("offline", () => { missed = true; sayLost(true); });
  addEventListener("focus", () => { open(); });
  addEventListener("online", () => {
    wait = 1_000;
    source?.close();
    source = null;
    open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) { open(); catchUp(); } });
  open();
};
