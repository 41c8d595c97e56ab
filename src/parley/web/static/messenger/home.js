// Home: ask, search, go on where one left off; and who answers.
const SEARCH_AFTER = 180;
const SETTLED_AFTER = 1_500;

// Searches the help centre as one types. What stood for a while counts as searched for.
const searchBox = (results, { onempty }) => {
  let timer = 0;
  let settling = 0;
  let running = null;
  const count = h("p", { class: "hush", role: "status" });
  const field = h("input", { class: "field", type: "search", placeholder: say("searchHint"), "aria-label": say("search"), autocomplete: "off", enterkeyhint: "search", maxlength: "200" });
  const find = async (settled) => {
    const words = field.value.trim();
    running?.abort();
    if (words.length < 2) {
      count.textContent = "";
      return onempty();
    }
    running = new AbortController();
    try {
      const { articles } = await ask(`search?q=${encodeURIComponent(words)}&settled=${settled}`, { signal: running.signal });
      if (settled) return undefined;
      count.textContent = articles.length ? say("found", { count: articles.length }) : say("nothingFound", { words });
      results.replaceChildren(...found(articles, words));
    } catch (error) {
      if (error.name !== "AbortError" && !settled) results.replaceChildren(trouble(error, () => find(0)));
    }
    return undefined;
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    clearTimeout(settling);
    timer = setTimeout(find, SEARCH_AFTER, 0);
    settling = setTimeout(find, SETTLED_AFTER, 1);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) {
      event.stopPropagation();
      field.value = "";
      find(0);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      results.querySelector("a")?.focus();
    }
  });
  return h("div", { class: "search", role: "search" }, icon("search", 18), field, count);
};

const found = (articles, words) => [
  articles.length
    ? h("ul", { class: "rows", "aria-label": say("help") }, articles.map((one) => articleRow(one, one.snippet_html ? nodesOf(one.snippet_html, BASE) : one.summary)))
    : h("p", { class: "quiet pad" }, say("nothingFound", { words })),
  h("div", { class: "pad" }, button(say("askInstead"), () => go("conversation", null, { ask: words }), { class: "button" }, "bot")),
];

const homeView = () => {
  const place = h("div", { class: "stack" });
  const lists = h("div", { class: "stack" });
  const recent = h("div");
  const results = h("div", { class: "card found", hidden: true });
  const suggested = h("div");
  const who = h("p", { class: "who" });
  const asking = composer({
    draft: () => "new", label: say("ask"), hint: say("askHint"), withFiles: false,
    send: (text) => go("conversation", null, { ask: text }),
  });
  const searching = searchBox(results, { onempty: () => results.replaceChildren() });
  new MutationObserver(() => {
    results.hidden = !results.childElementCount;
    lists.hidden = !results.hidden;
  }).observe(results, { childList: true });
  const load = () => loadInto(recent, async () => {
    const home = await ask("home");
    showWho(who, home.online);
    keepingFocus(suggested, () => suggested.replaceChildren(...home.suggested?.length ? [section(say("suggested"), h("ul", { class: "rows" }, home.suggested.map((one) => articleRow(one))))] : []));
    return home.recent?.length
      ? section(say("recent"), h("ul", { class: "rows" }, home.recent.map(conversationRow)), button(say("allConversations"), () => go("messages"), { class: "link" }))
      : null;
  }, 2);
  const name = session.person?.name?.split(" ")[0];
  place.append(
    h("div", { class: "welcome" }, h("p", { class: "welcome-name" }, session.name), !IS_PAGE && iconButton("x", say("close"), close, { class: "icon-button closing" }),
      h("h2", { tabindex: "-1" }, name ? say("hello", { name }) : say("helloAnyone"), h("br"), h("span", {}, say("howCanWeHelp"))), who),
    h("div", { class: "stack under" },
      h("div", { class: "card asking" }, asking.node, h("div", { class: "asking-foot" },
        h("span", { class: "machine" }, icon("bot", 14), say("assistantLabel")),
        mayMeetPeople() && button(say("talkToAPerson"), () => go("person", null), { class: "link" }))),
      h("div", { class: "card" }, searching), results, lists));
  lists.append(recent, suggested);
  showWho(who, session.online);
  return { node: place, hasOwnHead: true, start: () => { asking.restore(); load(); }, renew: (topic) => topic !== "typing" && load() };
};

const section = (title, ...inside) => h("section", { class: "card" }, h("h3", { class: "card-title" }, title), inside);

const showWho = (node, isOnline) => node.replaceChildren(h("span", { class: isOnline ? "presence there" : "presence" }), say(isOnline ? "peopleOnline" : "peopleOffline"));
