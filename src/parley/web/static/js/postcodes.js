// The usual sets of postcode rules, put in with one press; without this the server puts them in.

const add = (rules, set) => {
  const before = rules.value.trimEnd().replace(/[,;]$/, "");
  rules.value = before ? `${before}, ${set}` : set;
  rules.dispatchEvent(new Event("input", { bubbles: true }));
  rules.focus();
};

export const startPostcodes = (root) => {
  root.querySelectorAll("form[data-postcodes]").forEach((form) => {
    if (form.dataset.awake) return;
    form.dataset.awake = "yes";
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-adds]");
      if (!button) return;
      event.preventDefault();
      add(form.elements.not_shipped_to, button.dataset.adds);
    });
  });
};
