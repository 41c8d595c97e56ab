// The start: one element at the end of the page, and nothing asked of the server until it is opened,
// but how much is unread, once the page has nothing else to do.
class ParleyMessenger extends HTMLElement {
  connectedCallback() {
    if (!root) build(this.attachShadow({ mode: "closed" }));
  }
}

const restart = async () => {
  session = null;
  beginning = null;
  stack = [];
  current?.stop?.();
  current = null;
  if (isOpen) await enter(false);
};

const offer = () => {
  window.parley = Object.freeze({
    open: () => { open(); },
    close: () => { close(); },
    // Somebody signed in on this page: `signed` is the token that its server made for them.
    identify: async (signed) => {
      token = signed || "";
      await restart();
      return isOpen ? undefined : meet();
    },
    signOut: async () => {
      close();
      stopListening();
      const ended = session || kept.get("key") ? fetched("messenger/signing-out", { method: "POST", body: {} }) : null;
      // The key is forgotten here in any case.
      token = "";
      kept.forgetAll();
      tabKept.forgetAll();
      setUnread(0);
      await Promise.allSettled([restart(), ended]);
    },
  });
};

const followTheme = () => new MutationObserver(dress).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

const reopen = () => {
  if (IS_PAGE) return open();
  try {
    stack = JSON.parse(tabKept.get("open") || "[]").filter((one) => one.view in VIEWS);
  } catch {
    stack = [];
  }
  return stack.length && !isFull() ? open({ focus: false }) : undefined;
};

// A token lives for minutes, and the messenger may be opened hours later: the session begins now.
const meet = () => ready().then(() => setUnread(session.unread), () => {});

const start = () => {
  if (customElements.get("parley-messenger")) return;
  customElements.define("parley-messenger", ParleyMessenger);
  document.documentElement.append(document.createElement("parley-messenger"));
  offer();
  if (IS_INSIDE) {
    followTheme();
    keepClear();
    for (const topic of ["live-person", "live-ticket"]) document.body.addEventListener(topic, () => { if (!isOpen) countUnread(); });
  }
  reopen();
  if (token) meet();
  else if ((IS_INSIDE && TAG.dataset.inside) || kept.get("key")) countUnread();
};

const whenIdle = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 1_500 }) : setTimeout(work, 200));

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => whenIdle(start));
else whenIdle(start);
