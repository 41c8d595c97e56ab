// What the browser keeps. Where a page's storage is blocked, it is kept for as long as the page.
const inMemory = new Map();

const storage = (kind) => {
  try {
    const found = window[kind];
    found.getItem("parley");
    return found;
  } catch {
    return null;
  }
};

const keeper = (kind) => ({
  get(key) {
    try {
      return storage(kind)?.getItem(place(key)) ?? inMemory.get(kind + place(key)) ?? "";
    } catch {
      return inMemory.get(kind + place(key)) ?? "";
    }
  },
  set(key, value) {
    if (value) inMemory.set(kind + place(key), value); else inMemory.delete(kind + place(key));
    try {
      if (value) storage(kind)?.setItem(place(key), value);
      else storage(kind)?.removeItem(place(key));
    } catch {
      // Full or blocked: memory has it.
    }
  },
  forgetAll() {
    inMemory.clear();
    try {
      const kept = storage(kind);
      for (const key of Object.keys(kept ?? {})) if (key.startsWith(SHELF)) kept.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
});

const TAG = document.currentScript;
const BASE = new URL(".", TAG.src);
const IS_INSIDE = "inside" in TAG.dataset;
const IS_PAGE = "page" in TAG.dataset;
const SITE = TAG.dataset.site || "";
const SHELF = `parley:${SITE || `inside-${TAG.dataset.inside || "anyone"}`}:`;
let token = TAG.dataset.token || "";

// Whom the page vouches for has a place of their own: the next who signs in finds nothing of theirs.
const subject = () => {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return "";
  }
};

const place = (key) => `${SHELF}${subject()}:${key}`;

const kept = keeper("localStorage");
const tabKept = keeper("sessionStorage");

const keptList = (key) => {
  try {
    return JSON.parse(kept.get(key) || "[]");
  } catch {
    return [];
  }
};

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
