// Talk to a person: which of three kinds it is, and only what is not known yet.
const personView = (id) => {
  const path = id ? `conversations/${id}/handover` : "handover";
  const place = h("div", { class: "stack" });
  const view = { title: say("talkToAPerson"), node: place, start: () => load() };
  const load = () => loadInto(place, async () => personForm(await ask(path)), 4);

  const personForm = (about) => {
    const key = newKey();
    const name = newKey();
    const files = new Files(() => {});
    const needsText = about.needs?.description;
    const draft = `draft:person-${id ?? "new"}`;
    const says = h("div", { role: "alert", class: "says" });
    const described = h("textarea", { class: "field boxed", rows: needsText ? "5" : "3", id: `d${key}`, placeholder: say("describeHint"), required: needsText, maxlength: "20000", value: kept.get(draft), oninput: () => kept.set(draft, described.value) });
    const email = h("input", { class: "field boxed", type: "email", id: `e${key}`, autocomplete: "email", required: true, value: about.email || "", maxlength: "254" });
    const kinds = about.kinds.map((kind) => h("label", { class: "kind" },
      h("input", { type: "radio", name, value: kind.value, required: true }),
      h("span", { class: "kind-body" }, h("b", {}, kind.title), kind.description && h("span", {}, kind.description), kind.answer_by_words && h("span", { class: "kind-when" }, kind.answer_by_words))));
    const submit = h("button", { class: "button main wide" }, say("sendToPeople"));
    const star = () => h("span", { class: "star-mark", "aria-hidden": "true" }, " *");
    const form = h("form", { class: "stack person-form", novalidate: true },
      !needsText && h("p", { class: "quiet" }, say("keptWords")),
      h("fieldset", {}, h("legend", {}, say("whichKind"), star()), h("div", { class: "kinds" }, kinds)),
      h("div", { class: "part" }, h("label", { for: `d${key}` }, needsText ? say("describe") : say("describeMore"), needsText && star()), described),
      h("div", { class: "part" }, h("div", { class: "part-line" }, picking(files), h("span", { class: "quiet" }, say("screenshot"))), files.says, files.node),
      about.needs?.email && h("div", { class: "part" }, h("label", { for: `e${key}` }, say("email"), star()), email, h("p", { class: "quiet" }, say("emailWhy"))),
      !about.needs?.email && about.email && h("p", { class: "quiet note" }, icon("mail", 16), h("span", {}, say("emailTo", { email: about.email }))),
      about.colleagues_see && h("p", { class: "quiet note" }, icon("person", 16), h("span", {}, about.colleagues_see)),
      says, submit);
    takesFiles(form, files);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      hand();
    });

    const refuse = (node, words) => {
      says.replaceChildren(h("p", { class: "notice bad" }, words));
      node?.focus();
    };

    const lacking = () => {
      if (!form.querySelector("[type=radio]:checked")) return [form.querySelector("[type=radio]"), say("pickAKind")];
      if (needsText && !described.value.trim()) return [described, `${say("describe")}: ${say("fillIn")}`];
      if (about.needs?.email && !email.value.trim()) return [email, `${say("email")}: ${say("fillIn")}`];
      if (about.needs?.email && !email.checkValidity()) return [email, say("emailWrong")];
      if (files.isBusy) return [submit, say("stillUploading")];
      return null;
    };

    const hand = async () => {
      const lack = lacking();
      if (lack) return refuse(...lack);
      submit.disabled = true;
      says.replaceChildren();
      try {
        const page = await post(path, {
          priority: form.querySelector("[type=radio]:checked").value, text: described.value.trim(), files: files.ids,
          email: about.needs?.email ? email.value.trim() : undefined, submit_key: key,
        });
        kept.set(draft, "");
        return confirmed(page);
      } catch (error) {
        submit.disabled = false;
        says.replaceChildren(trouble(error));
        says.scrollIntoView({ block: "nearest" });
        const field = { email, text: described }[error.field];
        return field?.focus();
      }
    };
    return form;
  };

  const confirmed = (page) => {
    const { conversation: one, expected } = page;
    const title = h("h3", { tabindex: "-1" }, say("passedOn"));
    place.replaceChildren(h("div", { class: "card confirmed" }, h("span", { class: "empty-face good" }, icon("check", 28)), title,
      one.number && h("p", { class: "number" }, say("yourNumber", { number: one.number })), expected && h("p", {}, expected),
      button(say("toConversation"), () => show(), { class: "button main" })));
    settle({ view: "conversation", args: [one.id] });
    title.focus();
    announce([say("passedOn"), one.number && say("yourNumber", { number: one.number }), expected].filter(Boolean).join(". "));
  };
  return view;
};
