// A conversation, live: what was said, what is being sent, what is being thought; and the place to go on.
const GATHER = 80;
const LOOK = 2_500;
const TYPING_EVERY = 3_000;
const TYPING_FADES = 6_000;
const NEAR_END = 120;

const isOwn = (message) => message.who.side === "me";
const isMachine = (message) => message.who.side === "assistant";

// What was sent and is not yet acknowledged; kept, so that nothing is lost with the page.
const outgoing = (id) => keptList(`out:${id ?? "new"}`);
const keepOutgoing = (id, list) => kept.set(`out:${id ?? "new"}`, list.length ? JSON.stringify(list) : "");

class Conversation {
  constructor(id, { ask: first = "" } = {}) {
    this.id = id;
    this.first = first;
    this.page = null;
    this.bubbles = new Map();
    this.out = outgoing(id).map((one) => ({ ...one, state: "failed" }));
    this.thread = h("div", { class: "thread", role: "log", "aria-live": "off", "aria-label": say("conversation"), tabindex: "0" });
    this.top = h("div", { class: "older" });
    this.tail = h("div", { class: "tail" });
    this.now = h("div", { class: "now" });
    this.below = h("div", { class: "foot" });
    this.state = h("div", { class: "state" });
    this.jump = button(say("newMessages"), () => this.toTheEnd(), { class: "jump", hidden: true }, "down");
    this.scroller = h("div", { class: "scroll" }, this.top, this.thread, this.tail, this.now);
    this.scroller.addEventListener("scroll", () => { if (this.isAtTheEnd) this.jump.hidden = true; }, { passive: true });
    this.node = h("div", { class: "conversation" }, this.state, this.scroller, this.jump);
    this.lastTyped = 0;
    this.composer = composer({
      draft: () => this.id ?? "chat", label: say("write"),
      send: (text, files) => this.send(text, files), typing: () => this.tellTyping(),
    });
    takesFiles(this.node, this.composer.files);
    this.view = { title: say("ask"), node: this.node, foot: this.below, isWhole: true, start: () => this.start(), stop: () => this.stop(), renew: (topic) => this.renew(topic), conversation: id, focus: () => this.composer.field };
  }

  async start() {
    this.isOn = true;
    this.composer.restore();
    if (this.id) await this.load(true);
    else this.showEmpty();
    if (this.first) this.send(this.first, []);
    this.first = "";
  }

  stop() {
    this.isOn = false;
    clearTimeout(this.gathering);
    clearTimeout(this.looking);
    this.watcher?.disconnect();
  }

  renew(topic) {
    if (!this.id || topic === "help") return;
    if (topic === "typing") {
      this.renewTyping();
      return;
    }
    clearTimeout(this.gathering);
    this.gathering = setTimeout(() => this.load(), topic === "everything" ? 0 : GATHER);
  }

  async renewTyping() {
    try {
      const { typing } = await ask(`conversations/${this.id}/typing`);
      this.page.typing = typing;
      this.show();
    } catch {
      // The next piece of news tells, too.
    }
  }

  get isAtTheEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END;
  }

  toTheEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.jump.hidden = true;
  }

  showEmpty() {
    this.page = { conversation: null, messages: [], may: { ask: true, hand_over: mayMeetPeople() }, typing: [] };
    this.show();
  }

  async load(isFirst = false) {
    if (!this.id || this.isLoading) {
      this.isStale = true;
      return;
    }
    this.isLoading = true;
    if (isFirst) this.thread.replaceChildren(skeleton(4));
    try {
      const page = await ask(`conversations/${this.id}`);
      if (isFirst) this.thread.replaceChildren();
      this.show(page, isFirst);
    } catch (error) {
      if (isFirst) this.thread.replaceChildren(trouble(error, () => this.load(true)));
      else if (error.status === 0) lineLost();
    }
    this.isLoading = false;
    if (this.isStale && this.isOn) {
      this.isStale = false;
      this.load();
    }
  }

  // Everything anew from `page`: what is the same stays the same node, so that nothing jumps.
  show(page = this.page, isFirst = false) {
    keepingFocus(this.node, () => this.draw(page, isFirst));
  }

  draw(page, isFirst) {
    const wasAtTheEnd = isFirst || this.isAtTheEnd;
    const before = this.page;
    this.page = page;
    this.out = this.out.filter((one) => one.state !== "sent" || !page.messages.some((message) => message.id === one.id));
    const arrived = this.showMessages(page.messages, before);
    // Who has just said it is typing no more, whatever was noted of it meanwhile.
    if (arrived.length) page.typing = page.typing?.filter((name) => name !== arrived.at(-1).who.name);
    this.showOlder(page, isFirst);
    this.showTail();
    this.showNow();
    this.showHead();
    this.showFoot();
    if (isFirst || (wasAtTheEnd && !arrived.length)) this.toTheEnd();
    else if (arrived.length) this.showArrived(arrived, wasAtTheEnd);
    this.noteRead();
    this.lookAgain();
  }

  showMessages(messages, before) {
    const known = new Set(this.bubbles.keys());
    const arrived = [];
    let day = "";
    let last = null;
    for (const message of messages) {
      const drawnAs = JSON.stringify(message) + (message === messages.at(-1));
      let bubble = this.bubbles.get(message.id);
      if (!bubble || bubble.drawnAs !== drawnAs) {
        const node = this.bubble(message, message === messages.at(-1));
        if (bubble) bubble.node.replaceWith(node);
        else if (last) last.after(node);
        else this.thread.prepend(node);
        if (!bubble && before?.messages.length && !known.has(message.id) && !isOwn(message) && message.id > before.messages.at(-1).id) arrived.push(message);
        else if (!bubble && before && !before.messages.length && !isOwn(message)) arrived.push(message);
        bubble = { node, drawnAs };
        this.bubbles.set(message.id, bubble);
      }
      const its = new Date(message.at).toDateString();
      bubble.node.setAttribute("data-day", its === day ? "" : dayWords(message.at));
      day = its;
      last = bubble.node;
    }
    return arrived;
  }

  showArrived(arrived, wasAtTheEnd) {
    const newest = arrived.at(-1);
    const { node } = this.bubbles.get(newest.id);
    announce(`${say("newMessage", { name: newest.who.name })}: ${node.querySelector(".prose")?.textContent.trim().slice(0, 300) ?? ""}`);
    if (!wasAtTheEnd) this.jump.hidden = false;
    else if (node.offsetHeight > this.scroller.clientHeight - 40) this.scroller.scrollTop = node.offsetTop - 12;
    else this.toTheEnd();
  }

  bubble(message, isLast) {
    const own = isOwn(message);
    const { name, side, label } = message.who;
    const about = isMachine(message) ? say("assistantLabel") : label;
    return h("article", { class: own ? "message own" : "message", "data-side": side, "data-message": message.id, "aria-label": own ? say("you") : name },
      own ? null : avatar(name, side),
      h("div", { class: "said" },
        h("div", { class: "bubble" },
          own ? null : h("p", { class: "from" }, h("b", {}, name), about && h("span", {}, about)),
          message.html && this.words(message), filesView(message.files),
          message.answer && this.answerSources(message.answer)),
        h("p", { class: "when" }, time(message.at)),
        message.answer && this.answerNext(message, isLast)));
  }

  // What a machine's message says; what it links to stands below it, and not twice.
  words({ html, answer }) {
    const said = prose(html);
    const below = new Set([...answer?.sources ?? [], ...answer?.offers ?? []].map((one) => one.url && safeAddress(one.url, BASE)?.pathname));
    for (const part of said.querySelectorAll(":scope > ul, :scope > p")) {
      const links = [...part.querySelectorAll("a[href]")];
      const own = links.reduce((rest, link) => rest.replace(link.textContent, ""), part.textContent).trim();
      if (links.length && own.length < 40 && links.every((link) => below.has(new URL(link.href).pathname))) part.remove();
    }
    return said;
  }

  answerSources({ sources }) {
    if (!sources?.length) return null;
    return h("div", { class: "sources" }, h("h4", {}, say("sources")), h("ul", {}, sources.map((one) => h("li", {}, this.sourceLink(one)))));
  }

  sourceLink({ title, url, path }) {
    const address = url && safeAddress(url, BASE);
    const link = h("a", { href: address?.href ?? "#", onclick: path ? opens("article", path) : undefined }, icon(path ? "book" : "leave", 16), h("span", {}, title));
    if (!path && address) leadAway(link, address);
    return link;
  }

  // What can be done with an answer: say that it helped, pick what was meant, reach a person.
  answerNext(message, isLast) {
    const { answer } = message;
    const person = this.page.may?.hand_over && button(say("talkToAPerson"), () => go("person", this.id), { class: answer.outcome === "answer" ? "button" : "button main" }, "person");
    if (answer.outcome === "offer" && answer.offers?.length) {
      return h("div", { class: "next" },
        h("ul", { class: "choices", "aria-label": say("didYouMean") }, answer.offers.map((one) => h("li", {}, h("a", { class: "choice", href: one.url || "#", onclick: opens("article", one.path) }, icon("book", 16), h("span", {}, one.title))))),
        person && h("div", { class: "buttons" }, h("span", { class: "quiet" }, say("noneOfThese")), person));
    }
    if (answer.helped === "said") return h("p", { class: "thanked" }, icon("check", 16), say("helpedThanks"));
    const helped = answer.outcome === "answer" && button(say("helped"), (event) => this.helped(answer, event.currentTarget), { class: "button" }, "check");
    return helped || (person && isLast) || person ? h("div", { class: "buttons" }, helped, person) : null;
  }

  async helped(answer, pressed) {
    pressed.disabled = true;
    try {
      await post(`conversations/${this.id}/helped`, { question: answer.question });
      answer.helped = "said";
      announce(say("helpedThanks"));
      await this.load();
      this.composer.field.focus();
    } catch (error) {
      pressed.disabled = false;
      pressed.parentElement.append(trouble(error));
    }
  }

  showOlder(page, isFirst) {
    if (isFirst) this.olderThan = page.older;
    if (!this.olderThan) return this.top.replaceChildren();
    if (this.top.childElementCount) return undefined;
    const more = button(say("olderMessages"), () => this.loadOlder(), { class: "link" });
    this.top.replaceChildren(more);
    this.watcher = new IntersectionObserver(([seen]) => { if (seen.isIntersecting && !isFirst_.yet) this.loadOlder(); }, { root: this.scroller });
    const isFirst_ = { yet: true };
    setTimeout(() => { isFirst_.yet = false; }, 400);
    this.watcher.observe(more);
    return undefined;
  }

  async loadOlder() {
    if (this.isLoadingOlder || !this.olderThan) return;
    this.isLoadingOlder = true;
    try {
      const page = await ask(`conversations/${this.id}?before=${encodeURIComponent(this.olderThan)}`);
      const height = this.scroller.scrollHeight;
      let first = null;
      for (const message of page.messages) {
        if (this.bubbles.has(message.id)) continue;
        const node = this.bubble(message, false);
        if (first) first.after(node); else this.thread.prepend(node);
        first = node;
        this.bubbles.set(message.id, { node, drawnAs: "" });
      }
      this.olderThan = page.older;
      if (!page.older) {
        this.watcher.disconnect();
        this.top.replaceChildren();
      }
      this.scroller.scrollTop += this.scroller.scrollHeight - height;
    } catch (error) {
      this.top.replaceChildren(trouble(error, () => {
        this.top.replaceChildren();
        this.loadOlder();
      }));
    }
    this.isLoadingOlder = false;
  }

  // What stands as it should is left in peace: a button that is renewed under a finger takes no click.
  showTail() {
    const drawnAs = JSON.stringify(this.out);
    if (drawnAs === this.tailDrawnAs) return;
    this.tailDrawnAs = drawnAs;
    this.tail.replaceChildren(...this.out.map((one) => this.sent(one)));
  }

  sent(one) {
    const words = { sending: say("sending"), sent: say("sent"), failed: one.why || say("notSent") }[one.state];
    return h("article", { class: `message own ${one.state}`, "data-side": "me", "aria-label": say("you") }, h("div", { class: "said" },
      h("div", { class: "bubble" }, one.text && h("div", { class: "prose plain" }, one.text), one.files.length ? h("p", { class: "quiet" }, one.files.map((file) => file.name).join(", ")) : null),
      h("p", { class: "when", role: one.state === "failed" ? "alert" : null }, words, " ", one.state === "failed" && button(say("again"), () => this.deliver(one), { class: "link" }))));
  }

  // What happens right now: thinking, the words so far, somebody writing.
  showNow() {
    const { pending, typing } = this.page;
    const isWaiting = pending || this.out.some((one) => one.state === "sending" && !this.page.conversation?.number && this.page.may?.ask !== false);
    const parts = [];
    if (isWaiting) {
      parts.push(h("article", { class: "message thinking", "data-side": "assistant" }, avatar("", "assistant"), h("div", { class: "said" }, h("div", { class: "bubble" },
        h("p", { class: "from" }, h("b", {}, say("assistant")), h("span", {}, say("assistantLabel"))),
        pending?.so_far_html ? prose(pending.so_far_html) : h("p", { class: "dots" }, h("i"), h("i"), h("i"), h("span", { class: "hush" }, say("thinking")))))));
    }
    if (pending?.late) parts.push(h("div", { class: "notice", role: "status" }, h("p", {}, say("late")), button(say("talkToAPerson"), () => go("person", this.id), { class: "button main small" }, "person")));
    if (typing?.length) parts.push(h("p", { class: "typing" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), say("typing", { names: typing.join(", ") })));
    this.now.replaceChildren(...parts);
    if (isWaiting && !this.saidThinking) announce(say("thinking"));
    this.saidThinking = isWaiting;
  }

  // The stream tells of changes; while something is awaited we also look by ourselves.
  lookAgain() {
    clearTimeout(this.looking);
    const after = this.page.pending ? LOOK : this.page.typing?.length ? TYPING_FADES : 0;
    if (after && this.isOn) this.looking = setTimeout(() => this.load(), after);
  }

  showHead() {
    const one = this.page.conversation;
    const words = [one?.number, one?.state_words].filter(Boolean).join(" · ");
    retitle(this.view, one?.title || say("ask"), words || say("assistantLabel"));
    const drawnAs = JSON.stringify([one?.urgent, this.page.expected, this.page.may]);
    if (drawnAs === this.stateDrawnAs) return;
    this.stateDrawnAs = drawnAs;
    const rows = [];
    if (one?.urgent || this.page.expected) rows.push(h("p", { class: "expected" }, one?.urgent && h("span", { class: "urgent" }, icon("flame", 14), say("urgent")), this.page.expected));
    if (this.page.may?.close) rows.push(this.closing());
    this.state.replaceChildren(...rows);
  }

  closing() {
    const place = h("div", { class: "closing-row" });
    const offer = () => place.replaceChildren(button(say("closeConversation"), () => {
      const yes = button(say("yesClose"), async () => {
        try {
          await post(`conversations/${this.id}/closing`);
          this.stateDrawnAs = "";
          await this.load();
        } catch (error) {
          place.replaceChildren(trouble(error, offer));
        }
      }, { class: "button small" });
      place.replaceChildren(h("p", {}, say("reallyClose")), yes, button(say("keepOpen"), offer, { class: "link" }));
      yes.focus();
    }, { class: "link" }));
    offer();
    return place;
  }

  showFoot() {
    const { may = {}, conversation: one, messages } = this.page;
    const canWrite = may.ask || may.reply;
    const drawnAs = JSON.stringify([may, Boolean(one), messages.at(-1)?.answer, this.out.length]);
    if (drawnAs === this.footDrawnAs) return;
    this.footDrawnAs = drawnAs;
    const parts = [];
    if (!one && !messages.length && !this.out.length) this.now.replaceChildren(this.greeting());
    if (may.rate) parts.push(this.rating());
    const isOffered = messages.at(-1)?.answer && messages.at(-1).answer.helped !== "said" && !this.out.length;
    if (may.hand_over && !isOffered) parts.push(h("div", { class: "foot-row" }, button(say("talkToAPerson"), () => go("person", this.id), { class: "link" }, "person")));
    if (canWrite) {
      this.composer.field.placeholder = one && !one.number && may.ask ? say("writeToAssistant") : say("write");
      parts.push(this.composer.node);
    } else if (one) parts.push(h("p", { class: "quiet" }, say("closed")), button(say("askSomethingNew"), () => go("conversation", null), { class: "button" }));
    const hadFocus = this.below.contains(root.activeElement);
    this.below.replaceChildren(...parts);
    this.composer.fit();
    if (hadFocus && canWrite) this.composer.field.focus();
  }

  greeting() {
    return h("article", { class: "message", "data-side": "assistant" }, avatar("", "assistant"), h("div", { class: "said" }, h("div", { class: "bubble" },
      h("p", { class: "from" }, h("span", {}, say("assistantLabel"))), h("div", { class: "prose" }, h("p", {}, say("assistantGreets"))))));
  }

  rating() {
    const group = newKey();
    const comment = h("textarea", { class: "field boxed", rows: "2", "aria-label": say("comment"), placeholder: say("comment"), maxlength: "2000" });
    const more = h("div", { hidden: true, class: "stack" }, comment, h("button", { class: "button main" }, say("sendRating")));
    const stars = [1, 2, 3, 4, 5].map((count) => h("label", { class: "star", title: say("stars", { count }) },
      h("input", { type: "radio", class: "hush", name: group, value: count, "aria-label": say("stars", { count }), onchange: () => { more.hidden = false; } }), icon("star", 26)));
    const form = h("form", { class: "rating", onsubmit: async (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      if (!chosen) return;
      try {
        await post(`conversations/${this.id}/rating`, { stars: Number(chosen.value), comment: comment.value });
        form.replaceChildren(h("p", { role: "status" }, say("thanksForRating")));
        announce(say("thanksForRating"));
        this.load();
      } catch (error) {
        form.append(trouble(error));
      }
    } }, h("fieldset", { class: "stars" }, h("legend", {}, say("rateIt")), stars), more);
    return form;
  }

  tellTyping() {
    if (!this.id || !this.page?.may?.reply || Date.now() - this.lastTyped < TYPING_EVERY) return;
    this.lastTyped = Date.now();
    post(`conversations/${this.id}/typing`).catch(() => {});
  }

  noteRead() {
    const newest = this.page.messages.at(-1)?.id;
    if (!newest || newest === this.readUpTo || document.hidden || !this.isOn) return;
    this.readUpTo = newest;
    post(`conversations/${this.id}/reading`).then(() => tellNews("read"), () => { this.readUpTo = 0; });
  }

  send(text, files) {
    const one = { key: newKey(), text, files, state: "sending" };
    this.out.push(one);
    this.footDrawnAs = "";
    return this.deliver(one);
  }

  // Sends, or sends again: by its key the server knows what it already has.
  async deliver(one) {
    one.state = "sending";
    keepOutgoing(this.id, this.out.filter((other) => other.state !== "sent"));
    this.show();
    this.toTheEnd();
    try {
      const body = { text: one.text, submit_key: one.key, files: one.files.map((file) => file.id), aware: one.aware };
      const page = await post(this.id ? `conversations/${this.id}/messages` : "conversations", body);
      this.out = this.out.filter((other) => other !== one);
      keepOutgoing(this.id, this.out);
      this.follow(page);
    } catch (error) {
      one.state = "failed";
      one.why = error.status ? error.words : "";
      one.aware = error.aware; // warned of what leads away from here: tried again, it is sent
      this.show();
      if (error.status === 0) lineLost();
    }
  }

  follow(page) {
    const id = page?.conversation?.id ?? this.id;
    if (id !== this.id) {
      keepOutgoing(this.id, []);
      this.id = id;
      this.view.conversation = id;
      keepOutgoing(id, this.out);
      this.footDrawnAs = "";
      remember();
      listen(id);
    }
    if (page?.messages) this.show(page);
    else this.load();
    this.toTheEnd();
  }
}

const dayWords = (iso) => {
  const days = Math.round((new Date(iso).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return say("today");
  if (days === -1) return say("yesterday");
  return new Date(iso).toLocaleDateString(language(), { weekday: "long", day: "numeric", month: "long" });
};

const conversationView = (id, options) => new Conversation(id, options).view;
