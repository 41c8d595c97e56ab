// <button data-copies="id of what to copy" data-text-copied="Copied">

export const startCopying = () => document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const words = document.getElementById(button.dataset.copies).textContent;
  await navigator.clipboard.writeText(words);
  button.textContent = button.dataset.textCopied;
});
