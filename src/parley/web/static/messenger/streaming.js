// Live: a stream that only says what changed, and whether the line holds. It is read with fetch,
// because EventSource can't carry the key.
const news = new EventTarget();
const SAY_AFTER = 2_500;
const LONGEST_WAIT = 20_000;
const SILENT_FOR = 45_000;
const HIDDEN_FOR = 20_000;

const line = { isLost: false, about: null, wanted: false, abort: null, wait: 1_000, retry: 0, silence: 0, hidden: 0, said: 0 };

const tellNews = (topic) => news.dispatchEvent(new CustomEvent("changed", { detail: topic }));

const lineLost = () => {
  if (line.said) return;
  line.said = setTimeout(() => {
    line.isLost = true;
    news.dispatchEvent(new Event("lost"));
  }, navigator.onLine ? SAY_AFTER : 0);
};

const lineHeld = () => {
  const was = Boolean(line.said);
  clearTimeout(line.said);
  line.said = 0;
  line.wait = 1_000;
  if (line.isLost) news.dispatchEvent(new Event("healed"));
  line.isLost = false;
  if (was) tellNews("everything");
};

const stopListening = () => {
  line.wanted = false;
  hangUp();
  clearTimeout(line.said);
  line.said = 0;
};

const hangUp = () => {
  clearTimeout(line.retry);
  clearTimeout(line.silence);
  line.abort?.abort();
  line.abort = null;
};

const later = () => {
  clearTimeout(line.retry);
  if (!line.wanted || isBlocked) return;
  line.retry = setTimeout(call, line.wait * (0.75 + Math.random() / 2));
  line.wait = Math.min(line.wait * 2, LONGEST_WAIT);
};

const heard = (event) => {
  const about = Object.fromEntries(event.split("\n").map((row) => row.split(/: ?(.*)/s).slice(0, 2)));
  if (about.event === "changed") tellNews(about.data);
  return about.event === "end";
};

const listenTo = async (answer, mine) => {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    clearTimeout(line.silence);
    line.silence = setTimeout(() => mine.abort(), SILENT_FOR);
    const { done, value } = await reader.read();
    if (done) return false;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    if (events.some(heard)) return true;
  }
};

const call = async () => {
  if (line.abort || !line.wanted || document.hidden) return;
  const mine = new AbortController();
  line.abort = mine;
  try {
    await ready();
    const path = session.stream.replace(/^\//, "") + (line.about ? `?conversation=${line.about}` : "");
    const answer = await fetched(path, { signal: mine.signal, headers: { Accept: "text/event-stream" } });
    if (answer.status === 401) session = null;
    if (!answer.ok) throw new Refused(answer.status);
    lineHeld();
    // Told to stop: many pages are open. Looking at this one again calls again.
    if (await listenTo(answer, mine)) {
      if (line.abort === mine) hangUp();
      return;
    }
  } catch {
    if (line.abort === mine) lineLost();
  }
  if (line.abort !== mine) return;
  hangUp();
  later();
};

// Listen from now on; `about` is the conversation that is looked at, or null.
const listen = (about = null) => {
  const isOther = line.about !== about;
  line.about = about;
  line.wanted = true;
  if (isOther) hangUp();
  call();
};

document.addEventListener("visibilitychange", () => {
  clearTimeout(line.hidden);
  if (document.hidden) line.hidden = setTimeout(hangUp, HIDDEN_FOR);
  else if (line.wanted && !line.abort) {
    tellNews("everything");
    call();
  }
});
addEventListener("offline", () => { if (line.wanted) lineLost(); });
addEventListener("online", () => {
  line.wait = 1_000;
  hangUp();
  call();
});
addEventListener("focus", () => call());
addEventListener("pagehide", hangUp);
addEventListener("pageshow", (event) => { if (event.persisted) call(); });
