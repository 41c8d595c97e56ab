// Files that were sent. Pictures are drawn on a canvas: no policy of a page about images keeps a
// canvas from being drawn on, and the key that opens them travels in a header.
const bitmapOf = async (address) => createImageBitmap(await ask(address.replace(/^\/?messenger\//, ""), { as: "blob" }));

const drawn = (bitmap, canvas, atMost) => {
  const scale = Math.min(1, atMost / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const download = async (file) => {
  const blob = await ask(file.url.replace(/^\/?messenger\//, ""), { as: "blob" });
  const link = h("a", { href: URL.createObjectURL(blob), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

const saved = (file) => async (event) => {
  const pressed = event.currentTarget;
  pressed.disabled = true;
  try {
    await download(file);
  } catch (error) {
    announce(error.words || say("broken"));
  }
  pressed.disabled = false;
};

const thumbnail = (file) => {
  const canvas = h("canvas", { width: 160, height: 112 });
  if (file.width && file.height) {
    const scale = Math.min(1, 240 / Math.max(file.width, file.height));
    Object.assign(canvas, { width: Math.round(file.width * scale), height: Math.round(file.height * scale) });
  }
  bitmapOf(file.thumb).then((bitmap) => drawn(bitmap, canvas, 480)).catch(() => canvas.replaceWith(h("span", { class: "file-name" }, file.name)));
  return h("button", { type: "button", class: "thumb", "aria-label": say("picture", { name: file.name }), onclick: () => showPicture(file) }, canvas);
};

const fileView = (file) => file.kept_back ? h("span", { class: "file" }, h("span", { class: "file-name" }, file.name), h("small", {}, file.kept_back)) : file.thumb ? thumbnail(file) : h("button", { type: "button", class: "file", "aria-label": say("download", { name: file.name }), onclick: saved(file) },
  icon("file", 18), h("span", { class: "file-name" }, file.name), h("span", { class: "quiet" }, sizeInWords(file.size)));

const filesView = (files) => files?.length ? h("div", { class: "files" }, files.map(fileView)) : null;

// The picture in full, over everything in the messenger.
const showPicture = (file) => {
  const before = root.activeElement;
  const canvas = h("canvas", { role: "img", "aria-label": say("picture", { name: file.name }), width: 320, height: 200 });
  const close = () => {
    sheet.remove();
    before?.focus();
  };
  const closing = iconButton("x", say("back"), close);
  const sheet = h("div", { class: "lightbox", role: "dialog", "aria-modal": "true", "aria-label": file.name, onkeydown: (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  } }, h("div", { class: "lightbox-bar" }, h("span", { class: "file-name" }, file.name), button(say("download", { name: "" }).trim(), saved(file), { class: "button small" }), closing),
  h("div", { class: "lightbox-picture" }, canvas));
  bitmapOf(file.url).then((bitmap) => drawn(bitmap, canvas, 2400)).catch((error) => canvas.replaceWith(trouble(error)));
  panel.append(sheet);
  keepTabWithin(sheet);
  closing.focus();
};
