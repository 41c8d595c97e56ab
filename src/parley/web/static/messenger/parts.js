// The pieces that several views are made of.
const language = () => session?.language ?? wanted;

const ago = (iso) => {
  const at = new Date(iso);
  const minutes = Math.round((at - Date.now()) / 60_000);
  const relative = new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" });
  if (minutes >= 0) return say("justNow");
  if (minutes > -60) return relative.format(minutes, "minute");
  if (minutes > -12 * 60) return relative.format(Math.round(minutes / 60), "hour");
  const isNear = minutes > -7 * 24 * 60;
  return at.toLocaleString(language(), isNear ? { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short", year: at.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
};

const exactly = (iso) => new Date(iso).toLocaleString(language(), { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });

const time = (iso) => h("time", { datetime: iso, title: exactly(iso) }, ago(iso));

const sizeInWords = (bytes) => {
  const [unit, size] = [["megabyte", 2 ** 20], ["kilobyte", 2 ** 10], ["byte", 1]].find(([, least]) => bytes >= least) ?? ["byte", 1];
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: bytes / size < 100 ? 1 : 0 }).format(bytes / size);
};

const button = (words, onclick, about = {}, face = null) =>
  h("button", { type: "button", class: "button", ...about, onclick }, face && icon(face, 18), h("span", {}, words));

const iconButton = (name, label, onclick, about = {}) =>
  h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...about, onclick }, icon(name));

const avatar = (name, side) => {
  const letters = (name || "?").split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  return h("span", { class: "avatar", "data-side": side, "aria-hidden": "true" }, side === "assistant" ? icon("bot", 18) : letters);
};

const skeleton = (rows = 3) => h("div", { class: "skeleton", role: "status", "aria-label": say("loading") }, Array.from({ length: rows }, () => h("i")));

// What went wrong, in the server's words, with what to do about it.
const trouble = (error, again) => {
  const link = error.link && safeAddress(error.link, BASE);
  return h("div", { class: "notice bad", role: "alert" }, icon("alert", 18), h("div", {},
    h("p", {}, error.words || say(error.status === 0 ? "offline" : "broken")),
    error.conversation ? button(say("toTheTicket"), () => go("conversation", error.conversation), { class: "button small" })
      : link && h("p", {}, h("a", { href: link.href, target: IS_INSIDE ? null : "_blank", rel: "noopener" }, say("toTheTicket"))),
    again && button(say("retry"), again, { class: "button small" })));
};

const nothing = (face, title, words, ...next) => h("div", { class: "empty" }, h("span", { class: "empty-face" }, icon(face, 24)), h("h3", {}, title), words && h("p", {}, words), next);

const reachable = (place) => [...place.querySelectorAll("a[href], button, input, textarea, [tabindex='0']")];

// What is drawn anew under somebody's hands keeps the focus where it was.
const keepingFocus = (place, draw) => {
  const at = place.contains(root.activeElement) ? reachable(place).indexOf(root.activeElement) : -1;
  draw();
  if (at >= 0 && !place.contains(root.activeElement)) (reachable(place)[at] ?? reachable(place)[0] ?? panel).focus({ preventScroll: true });
};

// Fills `place` with what `load` gives; a skeleton meanwhile, a way to try again otherwise.
const loadInto = async (place, load, rows = 3) => {
  if (!place.childElementCount) place.replaceChildren(skeleton(rows));
  try {
    const nodes = [await load()].flat().filter(present);
    keepingFocus(place, () => place.replaceChildren(...nodes));
  } catch (error) {
    if (error.name === "AbortError") return;
    place.replaceChildren(trouble(error, () => {
      place.replaceChildren();
      loadInto(place, load, rows);
    }));
  }
};

const conversationRow = (one) => h("li", {}, h("a", {
  href: "#", class: "row", "data-unread": one.unread ? "yes" : null, onclick: opens("conversation", one.id),
},
h("span", { class: "row-face" }, icon(one.kind === "ticket" ? "person" : "bot", 18)),
h("span", { class: "row-body" },
  h("span", { class: "row-top" }, h("b", {}, one.title), time(one.last_at)),
  one.last_words && h("span", { class: "row-words" }, one.last_words),
  h("span", { class: "row-state" },
    one.urgent && h("span", { class: "urgent" }, icon("flame", 14), say("urgent")),
    h("span", {}, [one.number, one.state_words].filter(Boolean).join(" · ")))),
one.unread ? h("span", { class: "dot" }, h("span", { class: "hush" }, say("unread"))) : null));

const articleRow = (one, words = one.summary) => h("li", {}, h("a", { href: one.url || "#", class: "row", onclick: opens("article", one.path) },
  h("span", { class: "row-body" }, h("b", {}, one.title), words && h("span", { class: "row-words" }, words)), icon("forward", 16)));

// A handler that opens a view; the link keeps its own ways (a new tab) for those who ask for them.
const opens = (view, ...args) => (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(view, ...args);
};

const articlePath = (url) => {
  if (!session?.help_url) return "";
  const help = new URL(session.help_url, BASE);
  const rest = url.origin === help.origin && url.pathname.match(/^\/help\/[a-z-]{2,8}\/(.+?)\/?$/);
  return rest && !rest[1].startsWith("search") ? decodeURIComponent(rest[1]) : "";
};

// Server's HTML with links that know where they lead: articles open here, the rest in a new tab.
const prose = (html, base = BASE) => {
  const body = h("div", { class: "prose" }, nodesOf(html, base));
  for (const link of body.querySelectorAll("a[href]")) {
    const written = link.getAttribute("href");
    if (written.startsWith("#")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        body.querySelector(`[id="${CSS.escape(written.slice(1))}"]`)?.scrollIntoView({ block: "start" });
      });
      continue;
    }
    const url = new URL(written);
    const path = articlePath(url);
    if (path) link.addEventListener("click", opens("article", path));
    else leadAway(link, url);
  }
  for (const picture of body.querySelectorAll("img")) picture.loading = "lazy";
  for (const wide of body.querySelectorAll("table, pre")) {
    const around = h("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": wide.caption?.textContent || say("help") });
    wide.replaceWith(around);
    around.append(wide);
  }
  return body;
};

const leadAway = (link, url) => {
  if (IS_INSIDE && url.origin === location.origin) return;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
};
