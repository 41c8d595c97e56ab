// Menus are popovers. The browser opens, closes and places them; here: arrow keys, and placing
// them where CSS anchors are not known yet.

const items = (menu) => [...menu.querySelectorAll("a[href], button:not(:disabled), input:not([type=hidden]), select")];

const openerOf = (menu) => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);

const place = (menu, opener) => {
  const box = opener.getBoundingClientRect();
  const rtl = getComputedStyle(menu).direction === "rtl";
  const fromLeft = menu.classList.contains("from-start") !== rtl;
  const left = fromLeft ? box.left : box.right - menu.offsetWidth;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(box.bottom, innerHeight - menu.offsetHeight - 8))}px`;
};

const step = (menu, event) => {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) return;
  event.preventDefault();
  all[(to + all.length) % all.length]?.focus();
};

export const startMenus = () => {
  const anchors = CSS.supports("position-area", "block-end");
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const opener = openerOf(menu);
    opener?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open" && opener && !anchors) place(menu, opener);
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu:popover-open");
    if (menu) return step(menu, event);
    if (event.key !== "ArrowDown" || !event.target.matches?.("[popovertarget]")) return;
    const opened = document.getElementById(event.target.getAttribute("popovertarget"));
    if (!opened?.matches(".menu")) return;
    event.preventDefault();
    opened.showPopover({ source: event.target });
    items(opened)[0]?.focus();
  });
  // A choice made in a menu closes it, unless it is a form's field; a moment later, since the form
  // forgets which button was pressed when the focus leaves it.
  document.addEventListener("click", (event) => {
    const menu = event.target.closest?.(".menu-item")?.closest(".menu:popover-open");
    if (menu) setTimeout(() => menu.hidePopover());
  });
};
