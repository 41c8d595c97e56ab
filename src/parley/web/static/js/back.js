// <a data-back href="the list">: back to the list as it was, with its filters and its place, for
// whoever came from there.

export const startBack = () => document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-back]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!document.referrer || history.length < 2) return;
  const from = new URL(document.referrer);
  if (from.origin !== location.origin || from.pathname !== new URL(link.href).pathname) return;
  event.preventDefault();
  history.back();
});
