// The help centre, read inside: collections, articles, and what one thinks of them.
const helpView = () => {
  const results = h("div", { class: "card found", hidden: true });
  const lists = h("div", { class: "card" });
  const searching = searchBox(results, { onempty: () => results.replaceChildren() });
  new MutationObserver(() => {
    results.hidden = !results.childElementCount;
    lists.hidden = !results.hidden;
  }).observe(results, { childList: true });
  const load = () => loadInto(lists, async () => {
    const { collections } = await ask("help");
    return [h("h3", { class: "card-title" }, say("collections")), h("ul", { class: "rows" }, collections.map((one) => h("li", {},
      h("a", { href: "#", class: "row", onclick: opens("collection", one.path) }, h("span", { class: "row-body" }, h("b", {}, one.title), one.description && h("span", { class: "row-words" }, one.description)), icon("forward", 16)))))];
  }, 6);
  return { title: say("help"), node: h("div", { class: "stack" }, h("div", { class: "card" }, searching), results, lists), start: load };
};

const collectionView = (path) => {
  const place = h("div", { class: "card" });
  const view = { title: say("help"), node: place, start: () => loadInto(place, async () => {
    const { collections } = await ask("help");
    const one = collections.find((other) => other.path === path);
    if (!one) throw new Refused(404, { title: say("articleGone") });
    retitle(view, one.title);
    return [one.description && h("p", { class: "quiet pad" }, one.description), h("ul", { class: "rows" }, one.articles.map((article) => articleRow(article)))];
  }, 6) };
  return view;
};

const articleView = (path) => {
  const place = h("div", { class: "article" });
  const load = async () => {
    const one = await ask(`articles/${path.split("/").map(encodeURIComponent).join("/")}`).catch((error) => {
      throw error.status === 404 ? new Refused(404, { title: say("articleGone") }) : error;
    });
    const address = safeAddress(one.url, BASE);
    const outside = h("a", { class: "button small", href: address?.href }, h("span", {}, say("openInHelp")), icon("leave", 16));
    if (address) leadAway(outside, address);
    return [
      h("h2", {}, one.title),
      one.is_fallback && h("p", { class: "notice" }, say("otherLanguage")),
      h("div", { lang: one.language }, prose(one.html, address ?? BASE)),
      opinion(path),
      one.related?.length ? section(say("related"), h("ul", { class: "rows" }, one.related.map((other) => articleRow(other)))) : null,
      h("div", { class: "buttons" }, outside, button(say("ask"), () => go("conversation", null), { class: "button small" }, "bot"), mayMeetPeople() && button(say("talkToAPerson"), () => go("person", null), { class: "button small" }, "person")),
    ];
  };
  return { title: say("help"), node: place, start: () => loadInto(place, load, 6) };
};

const opinion = (path) => {
  const place = h("div", { class: "card opinion", role: "group", "aria-label": say("didItHelp") });
  const tell = async (helped, reason) => {
    try {
      await post(`articles/${path}/opinion`, { helped, reason });
      return true;
    } catch (error) {
      place.append(trouble(error));
      return false;
    }
  };
  const thank = () => {
    place.replaceChildren(h("p", {}, say("thanks")));
    announce(say("thanks"));
  };
  const why = () => {
    const field = h("textarea", { class: "field boxed", rows: "3", "aria-label": say("whatIsMissing"), placeholder: say("whatIsMissing"), maxlength: "2000" });
    place.replaceChildren(h("form", { class: "stack", onsubmit: async (event) => {
      event.preventDefault();
      if (!field.value.trim() || await tell(false, field.value.trim())) thank();
    } }, field, h("button", { class: "button" }, say("sendOpinion"))));
    field.focus();
  };
  place.append(h("p", {}, say("didItHelp")), h("div", { class: "buttons" },
    button(say("yes"), async () => { if (await tell(true)) thank(); }), button(say("no"), async () => { if (await tell(false)) why(); })));
  return place;
};
