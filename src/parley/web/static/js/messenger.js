// The messenger's script, once the page has loaded and has nothing else to do: it adds nothing to that.
const add = () => {
  const script = document.createElement("script");
  script.src = document.body.dataset.messenger;
  script.dataset.inside = document.body.dataset.person ?? "";
  document.body.append(script);
};

// <a href="its own page" data-opens-messenger>: here, where it is awake.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-opens-messenger]") || !window.parley || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  window.parley.open();
});

export const startMessenger = () => {
  if (!document.body.dataset.messenger) return;
  const later = () => (window.requestIdleCallback ? requestIdleCallback(add, { timeout: 1_000 }) : setTimeout(add, 200));
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
};
