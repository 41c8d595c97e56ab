// @ in an internal note: whom it names is picked from a list below the box, by typing, arrows and Enter.

const MARK = /(?:^|[\s(])@([^@\n]{0,40})$/u;

let asked = null;
let at = 0;

const list = () => document.querySelector("[data-mentions]");

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ё", "е");

const load = async (box) => {
  if (box.childElementCount) return;
  asked ??= fetch(box.dataset.mentions, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : ""));
  box.innerHTML = await asked.catch(() => "");
};

const typedName = (text) => MARK.exec(text.value.slice(0, text.selectionStart))?.[1];

const shown = (box) => [...box.querySelectorAll("[role=option]:not([hidden])")];

const mark = (box, text, to) => {
  const options = shown(box);
  at = options.length ? (to + options.length) % options.length : 0;
  options.forEach((option, index) => {
    option.classList.toggle("at", index === at);
    option.setAttribute("aria-selected", String(index === at));
  });
  options[at]?.scrollIntoView({ block: "nearest" });
  if (options[at]) text.setAttribute("aria-activedescendant", options[at].id);
  else text.removeAttribute("aria-activedescendant");
};

const close = (box, text) => {
  box.hidden = true;
  text.removeAttribute("aria-activedescendant");
};

const suggest = async (text) => {
  const box = list();
  const isNote = text.form.classList.contains("paper");
  const name = isNote ? typedName(text) : undefined;
  if (!box) return;
  if (name === undefined) return close(box, text);
  await load(box);
  const words = plain(name);
  box.querySelectorAll("[role=option]").forEach((option) => {
    const own = plain(option.dataset.name);
    // What is written out already is not asked for again.
    option.hidden = own === words.trim() || !(own.startsWith(words) || own.split(" ").some((word) => word.startsWith(words)));
  });
  box.hidden = !shown(box).length;
  mark(box, text, 0);
};

const choose = (box, text) => {
  const option = shown(box)[at];
  const before = text.value.slice(0, text.selectionStart);
  const from = before.lastIndexOf("@") + 1;
  text.setRangeText(`${option.dataset.name} `, from, text.selectionStart, "end");
  close(box, text);
  text.dispatchEvent(new Event("input", { bubbles: true }));
};

const onKey = (event, box, text) => {
  const keys = { ArrowDown: () => mark(box, text, at + 1), ArrowUp: () => mark(box, text, at - 1), Enter: () => choose(box, text), Tab: () => choose(box, text), Escape: () => close(box, text) };
  const act = event.ctrlKey || event.metaKey ? undefined : keys[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
};

const textOf = (event) => (event.target.matches?.("form[data-composer] textarea") ? event.target : null);

export const startMentioning = () => {
  document.addEventListener("input", (event) => { const text = textOf(event); if (text) suggest(text); });
  // Before the composer hears of it: Enter picks here, and Escape closes the list alone.
  document.addEventListener("keydown", (event) => {
    const text = textOf(event);
    const box = list();
    if (text && box && !box.hidden) onKey(event, box, text);
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.("[data-mentions] [role=option]");
    const text = document.querySelector("form[data-composer] textarea");
    if (!option || !text) return;
    event.preventDefault();
    at = shown(list()).indexOf(option);
    choose(list(), text);
  });
  document.addEventListener("focusout", (event) => { const text = textOf(event); if (text && list()) close(list(), text); });
};
