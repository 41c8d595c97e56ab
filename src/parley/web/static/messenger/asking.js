// Asking the server. A refusal carries the sentence to show; status 0 says that nobody answered.
class Refused extends Error {
  constructor(status, problem = {}) {
    super(problem.title || String(status));
    Object.assign(this, { status, detail: "", field: "", link: "" }, problem, { status });
    this.words = [problem.title, problem.detail].filter(Boolean).join(" ");
  }
}

let session = null;
let beginning = null;
let isBlocked = false;
const wanted = (TAG.dataset.language || (IS_INSIDE ? document.documentElement.lang : "") || navigator.language || "en").toLowerCase();

// The page's own policy may forbid to connect: then waiting and trying again is of no use.
document.addEventListener("securitypolicyviolation", (event) => {
  const isOurs = event.blockedURI.startsWith(BASE.origin);
  if (event.effectiveDirective === "connect-src" && isOurs) isBlocked = true;
});

const mayMeetPeople = () => session?.person?.kind !== "operator";

const moment = (long) => new Promise((done) => { setTimeout(done, long); });

const firstWords = () => FIRST_WORDS[wanted] ?? FIRST_WORDS[wanted.slice(0, 2)] ?? FIRST_WORDS.en;

const say = (key, blanks = {}) =>
  (session?.words?.[key] ?? firstWords()[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => blanks[name] ?? whole);

const addressOf = (path) => new URL(path.replace(/^\//, ""), BASE);

const proof = (isBeginning) => {
  const key = isBeginning ? "" : session ? session.key : kept.get("key");
  if (key) return { Authorization: `Bearer ${key}` };
  const csrf = session?.csrf ?? (IS_INSIDE ? document.querySelector("[name=csrfmiddlewaretoken]")?.value : "");
  return csrf ? { "X-CSRFToken": csrf } : {};
};

const problemOf = async (answer) => {
  try {
    return await answer.json();
  } catch {
    return { title: answer.status >= 500 ? say("broken") : "" };
  }
};

// A request that may not reach anybody: the page forbids it, or there is no line.
const reached = async (address, options) => {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    await moment(60); // The page's policy tells of what it forbade a little later.
    throw new Refused(0, { title: isBlocked ? say("blocked") : say("offline") });
  }
};

const fetched = (path, { method = "GET", body, headers = {}, signal, isBeginning } = {}) => {
  const isForm = body instanceof FormData;
  return reached(addressOf(path), {
    method,
    signal,
    credentials: IS_INSIDE ? "same-origin" : "omit",
    headers: { ...proof(isBeginning), ...(body && !isForm ? { "Content-Type": "application/json" } : {}), ...headers },
    body: isForm ? body : body && JSON.stringify(body),
  });
};

const begin = async () => {
  const known = kept.get("key");
  const asked = { site: SITE || undefined, token: token || undefined, key: known || undefined, language: TAG.dataset.language || (IS_INSIDE ? document.documentElement.lang : "") || undefined, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const answer = await fetched("messenger/session", { method: "POST", body: asked, isBeginning: true });
  if (!answer.ok) throw new Refused(answer.status, await problemOf(answer));
  session = await answer.json();
  if (session.key) kept.set("key", session.key);
  if (session.token_refused) console.warn(`Parley: the token is not taken, ${session.token_refused}`);
  return session;
};

// One session, however many ask for it at once.
const renewed = () => {
  beginning ??= begin().finally(() => { beginning = null; });
  return beginning;
};

const ready = async () => session ?? renewed();

// What the server answers to `path`, below /messenger/. A session that ran out is begun anew, once.
const ask = async (path, options = {}) => {
  await ready();
  let answer = await fetched(`messenger/${path}`, options);
  if (answer.status === 401) {
    await renewed();
    answer = await fetched(`messenger/${path}`, options);
  }
  if (!answer.ok) throw new Refused(answer.status, await problemOf(answer));
  if (options.as === "blob") return answer.blob();
  return answer.status === 204 ? null : answer.json();
};

const post = (path, body = {}) => ask(path, { method: "POST", body });

// A file on its way, with its progress from 0 to 1: fetch can't tell how far it has got.
const upload = (file, name, onprogress, signal) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file, name);
  request.open("POST", addressOf("messenger/files"));
  for (const [key, value] of Object.entries(proof())) request.setRequestHeader(key, value);
  request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
  request.onload = () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* no words of the server's */ }
    if (request.status < 300) resolve(answer); else reject(new Refused(request.status, answer));
  };
  request.onerror = () => reject(new Refused(0));
  request.onabort = () => reject(new DOMException("", "AbortError"));
  signal?.addEventListener("abort", () => request.abort());
  request.send(form);
});
