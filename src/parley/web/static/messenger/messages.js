// Messages: everything one has ever asked here, and one's tickets.
const messagesView = () => {
  const place = h("div", { class: "card" });
  const load = () => loadInto(place, async () => {
    const page = await ask("conversations");
    if (!page.conversations.length) {
      return nothing("messages", say("noConversations"), say("noConversationsWhy"), button(say("ask"), () => go("conversation", null), { class: "button main" }));
    }
    const list = h("ul", { class: "rows" }, page.conversations.map(conversationRow));
    return [list, ...older(page, list)];
  }, 5);
  const older = (page, list) => {
    if (!page.older) return [];
    const more = button(say("older"), async () => {
      more.disabled = true;
      try {
        const next = await ask(`conversations?before=${encodeURIComponent(page.older)}`);
        const first = next.conversations.map(conversationRow);
        list.append(...first);
        more.replaceWith(...older(next, list));
        first[0]?.querySelector("a").focus();
      } catch (error) {
        more.replaceWith(trouble(error, load));
      }
    }, { class: "link" });
    return [more];
  };
  const foot = h("div", { class: "foot" }, button(say("askSomethingNew"), () => go("conversation", null), { class: "button main" }, "messages"));
  return { title: say("messages"), node: h("div", { class: "stack" }, place), foot, start: load, renew: (topic) => topic !== "typing" && load() };
};
