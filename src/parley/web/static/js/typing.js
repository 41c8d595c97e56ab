// Tells the others on a conversation from the messenger that somebody is typing. Of a note, or of a word
// to one side, the server is not even asked; it would tell nobody.
const EVERY = 3_000;
let lastTold = 0;

export const startTyping = () => {
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-composer]");
    const line = document.querySelector("[data-typing]");
    if (!form || !line || event.target !== form.elements.text || !event.target.value.trim()) return;
    const way = form.elements.way?.value ?? "reply";
    if (!/^(reply|ask)/.test(way) || Date.now() - lastTold < EVERY) return;
    lastTold = Date.now();
    const told = new FormData();
    told.set("way", way);
    told.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fetch(line.dataset.typing, { method: "POST", body: told, credentials: "same-origin" }).catch(() => {});
  });
};
