// The help centre: what is found while one types, and whether an article helped.

const PAUSE = 140;
const SETTLED = 1600;

class Search {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.list = form.querySelector(".help-suggested");
    this.status = form.querySelector("[role=status]");
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("focus", () => { if (this.list.childElementCount && this.input.value.trim()) this.open(); });
    form.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) this.close(); });
    document.addEventListener("pointerdown", (event) => { if (!form.contains(event.target)) this.close(); });
  }

  wait() {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask(settled = false) {
    const words = this.input.value;
    this.asked?.abort();
    if (words.trim().length < 2) return this.close();
    this.asked = new AbortController();
    const url = new URL(this.form.dataset.helpSearch, location.href);
    url.searchParams.set("q", words);
    url.searchParams.set("language", this.form.dataset.language);
    if (settled) url.searchParams.set("settled", "1");
    try {
      const answer = await fetch(url, { signal: this.asked.signal, credentials: "same-origin" });
      if (answer.ok && !settled && words === this.input.value) this.show(await answer.text(), words);
    } catch { /* Enter searches all the same. */ }
  }

  show(html, words) {
    this.list.innerHTML = html;
    const said = this.list.firstElementChild;
    if (!said) return this.close();
    this.status.textContent = said.dataset.said;
    // What finds nothing is told once the typing has come to an end.
    if (said.dataset.count === "0") this.settling = setTimeout(() => { if (words === this.input.value) this.ask(true); }, SETTLED);
    if (this.form.contains(document.activeElement)) this.open();
  }

  open() { this.list.hidden = false; }

  close() { this.list.hidden = true; }

  press(event) {
    if (event.key === "Escape" && !this.list.hidden) { this.close(); this.input.focus(); event.preventDefault(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...this.list.querySelectorAll("a")];
    if (this.list.hidden || !links.length) return;
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (links[at] ?? this.input).focus();
  }
}

class Opinion {
  constructor(form) {
    this.form = form;
    this.why = form.querySelector(".help-why");
    form.addEventListener("submit", (event) => this.send(event));
  }

  async send(event) {
    const button = event.submitter;
    const body = new FormData(this.form, button);
    event.preventDefault();
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
    } catch {
      this.form.submit();
      return;
    }
    const asksWhy = button.value === "no" && this.why.hidden;
    if (!asksWhy) return this.thank();
    this.form.querySelectorAll("button[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    this.why.hidden = false;
    this.why.querySelector("textarea").focus();
  }

  thank() {
    const section = this.form.closest(".help-opinion");
    const words = Object.assign(document.createElement("p"), { textContent: section.dataset.thanks, tabIndex: -1 });
    words.setAttribute("role", "status");
    section.replaceChildren(words);
    words.focus();
  }
}

// Which part of the article one is at.
const follow = (contents) => {
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -70% 0px" });
  links.forEach((_link, id) => { const heading = document.getElementById(id); if (heading) seen.observe(heading); });
};

document.querySelectorAll("[data-help-search]").forEach((form) => new Search(form));
document.querySelectorAll("[data-opinion]").forEach((form) => new Opinion(form));
document.querySelectorAll(".help-contents").forEach(follow);
