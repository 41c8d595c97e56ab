// Ctrl/Cmd K: everything that can be done here, found by typing. It lists what the page itself
// offers: whatever has data-palette="words", visible or behind a menu; and behind it what the server
// finds (data-everything on the dialog): tickets, companies, people, views.

const dialog = () => document.getElementById("palette");

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

const PAUSE = 160;
const FEWEST_LETTERS = 2;

let entries = [];
let at = 0;
let pause = 0;
let asked = null;

const collect = () => {
  const seen = new Set();
  // What can be done to what one looks at comes before where one can go.
  const here = [...document.querySelectorAll("main [data-palette]")];
  const elsewhere = [...document.querySelectorAll("[data-palette]")].filter((element) => !here.includes(element));
  return [...here, ...elsewhere].filter((element) => {
    const words = element.dataset.palette;
    if (seen.has(words) || element.disabled) return false;
    seen.add(words);
    return true;
  }).map((element) => ({ element, words: element.dataset.palette, found: plain(`${element.dataset.palette} ${element.dataset.paletteAlso ?? ""}`) }));
};

const row = (entry, index) => {
  const made = Object.assign(document.createElement("div"), { className: "palette-item", id: `palette-${index}` });
  made.setAttribute("role", "option");
  const face = entry.element.querySelector("svg")?.cloneNode(true);
  if (face) made.append(face);
  made.append(Object.assign(document.createElement("span"), { textContent: entry.words }));
  for (const key of (entry.element.dataset.key ?? "").split(" ").filter(Boolean)) made.append(Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() }));
  made.addEventListener("click", () => run(entry));
  made.addEventListener("pointermove", () => mark(index));
  entry.row = made;
  return made;
};

const visible = () => entries.filter((entry) => !entry.row.hidden);

const mark = (index) => {
  at = index;
  const list = visible();
  entries.forEach((entry) => entry.row.classList.remove("at"));
  const entry = list[Math.max(0, Math.min(index, list.length - 1))];
  entries.forEach((other) => other.row.setAttribute("aria-selected", String(other === entry)));
  entry?.row.classList.add("at");
  entry?.row.scrollIntoView({ block: "nearest" });
  dialog().querySelector("input").setAttribute("aria-activedescendant", entry?.row.id ?? "");
};

const filter = (typed) => {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  entries.forEach((entry) => { entry.row.hidden = !entry.isFound && !words.every((word) => entry.found.includes(word)); });
  sayNone();
  mark(0);
};

const sayNone = () => { dialog().querySelector("[data-none]").hidden = visible().length > 0 || asked !== null; };

// What was found for other words is dropped; what the page itself offers is not said twice.
const putFound = (html) => {
  const list = dialog().querySelector("[role=listbox]");
  entries = entries.filter((entry) => !entry.isFound || entry.row.remove());
  const own = new Set(visible().map((entry) => entry.words));
  const box = document.createElement("div");
  box.innerHTML = html;
  const found = [...box.children].filter((link) => !own.has(link.querySelector("span").textContent));
  found.forEach((link, index) => {
    link.id = `palette-found-${index}`;
    const entry = { element: link, row: link, words: link.querySelector("span").textContent, found: "", isFound: true };
    link.addEventListener("pointermove", () => mark(visible().indexOf(entry)));
    entries.push(entry);
  });
  list.append(...found);
};

const search = (typed) => {
  clearTimeout(pause);
  asked?.abort();
  asked = null;
  const address = dialog().dataset.everything;
  if (!address || typed.trim().length < FEWEST_LETTERS) { putFound(""); sayNone(); return; }
  const one = asked = new AbortController();
  pause = setTimeout(async () => {
    let html = "";
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" }, signal: one.signal });
      html = answer.ok ? await answer.text() : "";
    } catch { /* Without the server one has what the page offers. */ }
    if (asked !== one) return;
    asked = null;
    putFound(html);
    sayNone();
    mark(Math.min(at, Math.max(0, visible().length - 1)));
  }, PAUSE);
};

const run = (entry) => {
  dialog().close();
  if (entry.isFound) { location.assign(entry.element.href); return; }
  // The page may have been renewed meanwhile: the same thing stands there anew.
  const element = entry.element.isConnected ? entry.element : document.querySelector(`[data-palette="${CSS.escape(entry.words)}"]`);
  if (!element) return;
  if (element.matches("input, textarea")) element.focus();
  else element.click();
};

const open = () => {
  const box = dialog();
  if (!box || box.open) return;
  entries = collect();
  box.querySelector("[role=listbox]").replaceChildren(...entries.map(row));
  box.showModal();
  const input = box.querySelector("input");
  input.value = "";
  input.focus();
  search("");
  filter("");
};

const onKey = (event) => {
  const list = visible();
  if (event.key === "ArrowDown") mark((at + 1) % Math.max(1, list.length));
  else if (event.key === "ArrowUp") mark((at - 1 + list.length) % Math.max(1, list.length));
  else if (event.key === "Enter") { if (list[at]) run(list[at]); }
  else return;
  event.preventDefault();
};

export const startPalette = () => {
  const box = dialog();
  if (!box) return;
  box.querySelector("input").addEventListener("input", (event) => { filter(event.target.value); search(event.target.value); });
  box.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (box.open) box.close();
    else open();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-opens-palette]")) open(); });
};
