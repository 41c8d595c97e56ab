// Sending with progress. fetch() can't tell how far a body has got, XMLHttpRequest can.

export const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

// Gives { status, ok, body, header }; status 0 when the line was lost. `onprogress` gets 0 to 1.
export const send = (url, data, { onprogress, method = "POST", onstart } = {}) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open(method, url);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  if (onprogress) request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) onprogress(event.loaded / event.total);
  });
  const finish = () => resolve({
    status: request.status,
    ok: request.status >= 200 && request.status < 300,
    body: request.responseText,
    url: request.responseURL,
    header: (name) => request.getResponseHeader(name),
  });
  request.addEventListener("load", finish);
  request.addEventListener("error", finish);
  request.addEventListener("abort", finish);
  request.addEventListener("timeout", finish);
  onstart?.(request);
  request.send(data);
});

const UNITS = [["gigabyte", 2 ** 30], ["megabyte", 2 ** 20], ["kilobyte", 2 ** 10], ["byte", 1]];

// "10.4 MB" in the page's own language.
export const sizeInWords = (bytes) => {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? UNITS.at(-1);
  const digits = size === 1 || bytes / size >= 100 ? 0 : 1;
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: digits }).format(bytes / size);
};

// "{name} is {over} over" with its blanks filled.
export const fill = (pattern, values) => (pattern ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
