// The shell: the button, the panel, where one is in it, and how one gets about.
const TABS = { home: "home", messages: "messages", help: "book" };
const VIEWS = { home: homeView, messages: messagesView, help: helpView, conversation: conversationView, person: personView, article: articleView, collection: collectionView };

let root = null;
let top_ = null;
let panel = null;
let launcher = null;
let frame = null;
let stack = [];
let current = null;
let isOpen = false;
let unread = 0;

const isFull = () => IS_PAGE || matchMedia("(max-width: 480px)").matches;

const announce = (words) => {
  frame.live.textContent = "";
  setTimeout(() => { frame.live.textContent = words; }, 60);
};

// --- Building it ---
const build = (shadow) => {
  root = shadow;
  shadow.adoptedStyleSheets = [sheetOf(FRAME)];
  launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => (isOpen ? close() : open()) },
    h("span", { class: "launcher-face" }, mark(), icon("x", 24)), h("span", { class: "badge", hidden: true }));
  const place = h("div", { class: "launcher-place", popover: "manual" }, launcher);
  frame = {
    place,
    head: h("div", { class: "head" }), lost: h("p", { class: "lost", role: "status", hidden: true }), body: h("div", { class: "body" }),
    foot: h("div", { class: "view-foot" }), tabs: h("nav", { class: "tabs" }), live: h("p", { class: "hush", "aria-live": "polite" }),
  };
  panel = h("section", { class: "panel", role: "dialog", popover: "manual", tabindex: "-1" }, frame.head, frame.lost, frame.body, frame.foot, frame.tabs, frame.live);
  top_ = h("div", { class: `root${IS_PAGE ? " page" : ""}${IS_INSIDE ? " inside" : ""}` }, IS_PAGE ? null : place, panel);
  shadow.append(top_);
  // What is typed here is nobody else's: a page may have keys of its own.
  for (const kind of ["keydown", "keyup", "keypress", "paste"]) shadow.addEventListener(kind, (event) => event.stopPropagation());
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !IS_PAGE) close();
  });
  keepTabWithin(panel, isFull);
  dress();
  raise(place);
  showUnread();
};

const sheetOf = (css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
};

// How the views look is asked for once, when they are first to be seen.
const dressViews = async () => {
  if (root.adoptedStyleSheets.length > 1) return;
  const answer = await reached(addressOf(VIEWS_AT), {});
  if (!answer.ok) throw new Refused(answer.status);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(await answer.text())];
};

const mark = () => {
  const drawnMark = icon("messages", 26);
  drawnMark.classList.add("mark");
  return drawnMark;
};

// Above everything of the page, whatever numbers it gives its own layers.
const raise = (node) => {
  node.classList.add("open");
  try { node.showPopover?.(); } catch { /* it is up already */ }
};

const lower = (node) => {
  node.classList.remove("open");
  try { node.hidePopover?.(); } catch { /* it was not up */ }
};

// Language, direction, light or dark.
const dress = () => {
  const lang = language();
  top_.lang = lang;
  top_.dir = session?.dir ?? (/^(ar|fa|he|ur)/.test(lang) ? "rtl" : "ltr");
  const theme = IS_INSIDE ? document.documentElement.dataset.theme : TAG.dataset.theme;
  top_.dataset.theme = ["light", "dark"].includes(theme) ? theme : "auto";
  panel.setAttribute("aria-label", session?.name ? `${session.name} · ${firstWords().name}` : firstWords().name);
  frame.tabs.setAttribute("aria-label", say("places"));
};

const keepTabWithin = (node, applies = () => true) => node.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || !applies()) return;
  const all = [...node.querySelectorAll("a[href], button:not(:disabled), input:not([hidden]), textarea, [tabindex='0']")].filter((one) => one.checkVisibility?.() ?? one.offsetParent);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const isAtEdge = root.activeElement === edge || !node.contains(root.activeElement) || (event.shiftKey && root.activeElement === node);
  if (!all.length || !isAtEdge) return;
  event.preventDefault();
  event.stopPropagation();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
});

// --- Going about ---
const go = (view, ...args) => {
  if (view in TABS) stack = [];
  stack.push({ view, args });
  show();
};

const back = () => {
  stack.pop();
  if (!stack.length) stack.push({ view: "home", args: [] });
  show();
};

// What the present place is from now on: coming back leads there, and not through what led to it.
const settle = (entry) => {
  stack[stack.length - 1] = { ...stack.at(-1), ...entry };
  stack = stack.filter((one, at) => at === stack.length - 1 || JSON.stringify([one.view, one.args[0]]) !== JSON.stringify([entry.view, entry.args[0]]));
  remember();
};

const remember = () => {
  const top = stack.at(-1);
  if (current?.conversation && top.view === "conversation") top.args = [current.conversation];
  if (!IS_PAGE) tabKept.set("open", isOpen && stack.length ? JSON.stringify(stack.map(({ view, args }) => ({ view, args: args.slice(0, 1) }))) : "");
};

const show = ({ focus = true } = {}) => {
  if (current) {
    current.stop?.();
    if (current.entry) current.entry.scroll = frame.body.scrollTop;
  }
  const entry = stack.at(-1);
  const view = VIEWS[entry.view](...entry.args);
  entry.args = entry.args.slice(0, 1);
  view.entry = entry;
  current = view;
  listen(view.conversation ?? null);
  drawHead(view);
  drawTabs(entry.view);
  frame.body.className = view.isWhole ? "body whole" : "body";
  frame.body.replaceChildren(view.node);
  frame.body.scrollTop = 0;
  frame.foot.replaceChildren(...[view.foot].filter(present));
  remember();
  const started = view.start?.();
  if (entry.scroll) Promise.resolve(started).then(() => { if (current === view) frame.body.scrollTop = entry.scroll; });
  if (focus) focusOn(view);
};

const focusOn = (view) => {
  const field = matchMedia("(pointer: fine)").matches && view.focus?.();
  (field && field.isConnected ? field : panel.querySelector("h2")).focus({ preventScroll: true });
};

const drawHead = (view) => {
  frame.head.hidden = Boolean(view.hasOwnHead);
  const isDeep = stack.length > 1 || !(stack.at(-1).view in TABS);
  frame.head.replaceChildren();
  if (view.hasOwnHead) return;
  frame.title = h("h2", { tabindex: "-1" }, view.title ?? "");
  frame.sub = h("p", { class: "head-sub" });
  frame.head.replaceChildren(...[isDeep && iconButton("back", say("back"), back), h("div", { class: "head-words" }, frame.title, frame.sub), !IS_PAGE && iconButton("x", say("close"), close)].filter(present));
};

const retitle = (view, title, sub = "") => {
  if (view !== current) return;
  frame.title.textContent = title;
  frame.sub.textContent = sub;
};

const drawTabs = (here) => {
  frame.tabs.hidden = !(here in TABS);
  keepingFocus(frame.tabs, () => frame.tabs.replaceChildren(...Object.entries(TABS).map(([name, face]) => h("button", {
    type: "button", class: "tab", "aria-current": name === here ? "page" : null,
    "aria-label": name === "messages" && unread ? say("messagesUnread", { count: unread }) : null, onclick: () => go(name),
  }, h("span", { class: "tab-face" }, icon(face, 20), name === "messages" && unread ? h("span", { class: "dot" }) : null), h("span", {}, say(name))))));
};

// --- Opening and closing ---
const open = async ({ focus = true } = {}) => {
  if (isOpen || !panel) return;
  isOpen = true;
  launcher.setAttribute("aria-expanded", "true");
  launcher.classList.add("on");
  panel.setAttribute("aria-modal", String(isFull() && !IS_PAGE));
  raise(panel);
  if (!IS_PAGE) {
    // The button stands above the panel it opened.
    lower(frame.place);
    raise(frame.place);
  }
  fitKeyboard();
  showUnread();
  if (focus) panel.focus({ preventScroll: true });
  await enter(focus);
};

const enter = async (focus) => {
  if (!session || root.adoptedStyleSheets.length < 2) {
    frame.head.hidden = false;
    frame.tabs.hidden = true;
    frame.title = h("h2", { tabindex: "-1" }, firstWords().name);
    frame.head.replaceChildren(...[h("div", { class: "head-words" }, frame.title), !IS_PAGE && iconButton("x", firstWords().close, close)].filter(present));
    frame.body.className = "body";
    frame.body.replaceChildren(skeleton(4));
    try {
      await Promise.all([ready(), dressViews()]);
    } catch (error) {
      return showUnreachable(error, focus);
    }
  }
  dress();
  if (!stack.length) stack = [{ view: "home", args: [] }];
  setUnread(session.unread ?? unread);
  return isOpen ? show({ focus }) : undefined;
};

const showUnreachable = (error, focus) => {
  const words = firstWords();
  const link = h("a", { class: "button main", href: addressOf(`messenger/${SITE ? `?site=${encodeURIComponent(SITE)}` : ""}`).href, target: "_blank", rel: "noopener" }, h("span", {}, words.newTab), icon("leave", 16));
  frame.body.replaceChildren(h("div", { class: "empty", role: "alert" }, h("span", { class: "empty-face" }, icon("offline", 24)),
    h("p", {}, isBlocked ? words.blocked : error.status ? error.words || words.unreachable : words.unreachable), h("div", { class: "buttons" }, IS_PAGE ? null : link, isBlocked ? null : button(words.again, () => enter(focus)))));
};

const close = () => {
  if (!isOpen || IS_PAGE) return;
  isOpen = false;
  current?.stop?.();
  if (IS_INSIDE || !talked()) stopListening();
  else listen(null);
  lower(panel);
  launcher.setAttribute("aria-expanded", "false");
  launcher.classList.remove("on");
  tabKept.set("open", "");
  showUnread();
  launcher.focus();
};

// --- What is unread ---
const talked = () => Boolean(session?.person || kept.get("key"));

const setUnread = (count) => {
  unread = count;
  showUnread();
  if (isOpen && session && current && stack.length) drawTabs(stack.at(-1).view);
};

const showUnread = () => {
  const words = firstWords();
  const badge = launcher.querySelector(".badge");
  badge.hidden = !unread || isOpen;
  badge.textContent = unread > 99 ? "99+" : unread;
  launcher.setAttribute("aria-label", isOpen ? words.close : unread ? words.unread.replace("{count}", unread) : words.open);
};

let counting = 0;
const countUnread = () => {
  clearTimeout(counting);
  counting = setTimeout(async () => {
    try {
      const answer = await fetched("messenger/unread");
      if (answer.ok) setUnread((await answer.json()).unread);
      else if (answer.status === 401 && !session) kept.set("key", "");
    } catch {
      // Nobody waits for this number.
    }
  }, 400);
};

news.addEventListener("changed", ({ detail }) => {
  if (detail !== "typing") countUnread();
  if (isOpen && detail !== "read") current?.renew?.(detail);
});
news.addEventListener("lost", () => {
  frame.lost.replaceChildren(icon("offline", 16), say("offline"));
  frame.lost.hidden = false;
});
news.addEventListener("healed", () => {
  frame.lost.hidden = true;
  announce(say("online"));
});

// On a phone the panel ends where the keyboard begins.
const fitKeyboard = () => {
  const seen = window.visualViewport;
  if (!seen || !isOpen) return;
  const low = isFull() && innerHeight - seen.height > 80;
  panel.style.setProperty("--p-seen", low ? `${seen.height}px` : "100dvh");
  panel.style.setProperty("--p-seen-top", low ? `${seen.offsetTop}px` : "0px");
  panel.setAttribute("aria-modal", String(isFull() && !IS_PAGE));
};
window.visualViewport?.addEventListener("resize", fitKeyboard);
window.visualViewport?.addEventListener("scroll", fitKeyboard);

// Inside Parley the button keeps clear of the place where one answers.
const keepClear = () => {
  const dock = document.querySelector(".dock");
  if (!dock) return;
  let isAsked = false;
  const measure = () => {
    isAsked = false;
    const { top, bottom, right } = dock.getBoundingClientRect();
    const isUnder = right > innerWidth - 84 && bottom > innerHeight - 90 && top < innerHeight;
    top_.style.setProperty("--p-lift", isUnder ? `${Math.min(innerHeight - top, innerHeight / 2) + 8}px` : "");
  };
  const askFor = () => {
    if (!isAsked) requestAnimationFrame(measure);
    isAsked = true;
  };
  new ResizeObserver(askFor).observe(dock);
  addEventListener("scroll", askFor, { passive: true });
  addEventListener("resize", askFor);
};
