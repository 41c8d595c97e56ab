// What the toolbar does to a text: each takes what is selected, and gives what stands in its place and
// what is selected then. Pure; `typing.js` puts it into the field.
//
// A selection is { before, selected, after }; a change is { from, to, text, start, end }: the characters
// from..to of the whole are replaced by `text`, and start..end of the whole are selected.

const lineStart = (text, at) => text.lastIndexOf("\n", at - 1) + 1;

const lineEnd = (text, at) => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};

const wholeLines = (text, start, end) => {
  const from = lineStart(text, start);
  const to = lineEnd(text, end > start && text[end - 1] === "\n" ? end - 1 : end);
  return { from, to, lines: text.slice(from, to).split("\n") };
};

// **bold**: on, or off again where it is.
export const wrap = (mark, placeholder) => (text, start, end) => {
  const size = mark.length;
  const chosen = text.slice(start, end);
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return { from: start - size, to: end + size, text: chosen, start: start - size, end: end - size };
  }
  if (chosen.length > 2 * size && chosen.startsWith(mark) && chosen.endsWith(mark)) {
    return { from: start, to: end, text: chosen.slice(size, -size), start, end: end - 2 * size };
  }
  const words = chosen || placeholder;
  return { from: start, to: end, text: `${mark}${words}${mark}`, start: start + size, end: start + size + words.length };
};

export const link = (placeholder) => (text, start, end) => {
  const words = text.slice(start, end) || placeholder;
  const at = start + words.length + 3;
  return { from: start, to: end, text: `[${words}](https://)`, start: at, end: at + 8 };
};

// Each of the lines changed, and all of them selected.
const eachLine = (change) => (text, start, end) => {
  const { from, to, lines } = wholeLines(text, start, end);
  const made = change(lines).join("\n");
  return { from, to, text: made, start: start === end ? from + made.length : from, end: from + made.length };
};

const BEGINS = /^(\s*)(?:[-*+] |\d+[.)] |#{1,6} |> ?)?/;

export const heading = eachLine((lines) => {
  const off = lines.every((line) => line.startsWith("## "));
  return lines.map((line) => (off ? line.slice(3) : `## ${line.replace(BEGINS, "")}`));
});

export const steps = eachLine((lines) => {
  const off = lines.every((line) => /^\d+[.)] /.test(line));
  return lines.map((line, index) => (off ? line.replace(/^\d+[.)] /, "") : `${index + 1}. ${line.replace(BEGINS, "")}`));
});

export const bullets = eachLine((lines) => {
  const off = lines.every((line) => /^[-*] /.test(line));
  return lines.map((line) => (off ? line.slice(2) : `- ${line.replace(BEGINS, "")}`));
});

// A paragraph of its own: blank lines around it as far as there are none.
export const paragraph = (made, pick) => (text, start, end) => {
  const chosen = text.slice(start, end);
  const words = made(chosen);
  const before = text.slice(0, start);
  const after = text.slice(end);
  const head = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const [first, last] = pick(words);
  return { from: start, to: end, text: head + words + tail, start: start + head.length + first, end: start + head.length + last };
};

export const callout = (kind, placeholder) => paragraph(
  (chosen) => `> [!${kind}]\n${(chosen || placeholder).split("\n").map((line) => `> ${line}`).join("\n")}`,
  (words) => [words.indexOf("\n") + 3, words.length],
);

export const video = (placeholder) => paragraph(
  (chosen) => (/^https?:\/\/\S+$/.test(chosen) ? `[${placeholder}](${chosen})` : `[${chosen || placeholder}](https://)`),
  (words) => (words.endsWith("(https://)") ? [words.length - 9, words.length - 1] : [1, words.indexOf("]")]),
);

// Enter within a list goes on with it; on an empty entry it ends it. Null: nothing special here.
export const enter = (text, start, end) => {
  if (start !== end) return null;
  const from = lineStart(text, start);
  const line = text.slice(from, lineEnd(text, start));
  const found = /^(\s*)(?:([-*+])|(\d+)([.)])|(>))( +)/.exec(line);
  if (!found || start < from + found[0].length) return null;
  const [whole, indent, bullet, number, dot, quote, gap] = found;
  if (line.trim() === whole.trim()) return { from, to: from + line.length, text: "", start: from, end: from };
  const next = bullet ?? quote ?? `${Number(number) + 1}${dot}`;
  const made = `\n${indent}${next}${gap}`;
  return { from: start, to: start, text: made, start: start + made.length, end: start + made.length };
};
