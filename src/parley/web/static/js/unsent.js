// A reply that can still be taken back: when its time is over the page says so, and it goes out. A page
// that is gone by then says nothing, and it goes out all the same.
import { send } from "./upload.js";

const goOut = async (item) => {
  if (!item.isConnected) return;
  const data = new FormData();
  data.append("unsent", item.dataset.key);
  await send(item.dataset.send, data);
  document.body.dispatchEvent(new CustomEvent("live-ticket"));
};

export const startUnsent = (root) => {
  const items = [...(root.querySelectorAll?.("[data-unsent]") ?? []), ...(root.matches?.("[data-unsent]") ? [root] : [])];
  for (const item of items) {
    if (item.dataset.awake) continue;
    item.dataset.awake = "yes";
    setTimeout(() => goOut(item), Number(item.dataset.unsent) + 100);
  }
};
