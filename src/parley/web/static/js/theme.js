// The theme changes at once; the form behind it tells the server.

export const startTheme = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    document.documentElement.dataset.theme = button.value;
    button.form?.querySelectorAll("[data-theme-choice]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  });
};
