// Making nodes. Nothing is ever given to the browser's HTML parser, so a page that requires trusted
// types, or allows no policy at all, is no hindrance: what the server sends as HTML (it has
// sanitised it) is taken apart here, and only what is listed below is built from it.
const present = (thing) => thing !== null && thing !== undefined && thing !== false;

const h = (tag, about = {}, ...inside) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (!present(value)) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.flat().filter(present));
  return node;
};

const icon = (name, size = 20) => {
  const SVG = "http://www.w3.org/2000/svg";
  const drawn = document.createElementNS(SVG, "svg");
  const about = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "i" };
  for (const [key, value] of Object.entries(about)) drawn.setAttribute(key, value);
  for (const [tag, attributes] of ICONS[name]) {
    const shape = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    drawn.append(shape);
  }
  return drawn;
};

const TAGS = new Set(("a abbr aside b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure " +
  "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub summary sup table tbody td tfoot th " +
  "thead time tr u ul wbr").split(" "));
const SWALLOWED = new Set("script style svg math template iframe object noscript title textarea select".split(" "));
const EMPTY = new Set("br hr img wbr col".split(" "));
const ATTRIBUTES = new Set("href src alt title start colspan rowspan scope dir lang class id open datetime width height".split(" "));
const TOKEN = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?)*)\s*\/?>|([^<]+|<)/gi;
const ATTRIBUTE = /([a-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?/gi;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", mdash: "—", ndash: "–", hellip: "…", laquo: "«", raquo: "»" };

const decoded = (text) => text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, number, name) => {
  if (name) return ENTITIES[name] ?? whole;
  const point = hex ? parseInt(hex, 16) : Number(number);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
});

// An address as it may be opened: of the web, a mail, a telephone; nothing else runs or hides here.
const safeAddress = (written, base) => {
  try {
    const url = new URL(written, base);
    return ["https:", "http:", "mailto:", "tel:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
};

const withAttributes = (node, written, base) => {
  for (const [, name, ...values] of written.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!ATTRIBUTES.has(key)) continue;
    const value = decoded(values.find((text) => text !== undefined) ?? "");
    if (key !== "href" && key !== "src") node.setAttribute(key, value);
    else if (key === "href" && value.startsWith("#")) node.setAttribute("href", value);
    else {
      const url = safeAddress(value, base);
      if (url) node.setAttribute(key, url.href);
    }
  }
  return node;
};

// The nodes of HTML that the server has sanitised; relative addresses are taken from `base`.
const nodesOf = (html, base) => {
  const top = document.createDocumentFragment();
  const open = [{ tag: "", node: top }];
  let swallowing = "";
  for (const [, closes, written, attributes, text] of (html ?? "").matchAll(TOKEN)) {
    const tag = written?.toLowerCase();
    if (swallowing) {
      if (closes && tag === swallowing) swallowing = "";
      continue;
    }
    const parent = open.at(-1).node;
    if (text !== undefined) parent.append(decoded(text));
    else if (!tag) continue;
    else if (closes) {
      const at = open.findLastIndex((one) => one.tag === tag);
      if (at > 0) open.length = at;
    } else if (SWALLOWED.has(tag)) swallowing = tag;
    else if (TAGS.has(tag)) {
      const node = withAttributes(document.createElement(tag), attributes, base);
      parent.append(node);
      if (!EMPTY.has(tag)) open.push({ tag, node });
    }
  }
  return top;
};
