// Several windows of one device: one chat. A window that is behind brings itself up to date, and an erased chat ends
// in all of them.
import { chat, now } from "./state.js";
import { CHAT, DAY, chatOfToday, drop } from "./store.js";

export function watchOtherTabs({ behind, ended }) {
  const check = () => {
    if (!chat.session || now.over) return;
    const day = chatOfToday();
    if (!day) {
      if (chat.kept) ended();
    } else if (day.session === chat.session) {
      if (day.turn > (chat.state?.turn ?? 0) && !now.busy) behind();
    } else if (!chat.told) {
      // Two windows were opened and one of them was used: this one joins it.
      drop(CHAT);
      location.reload();
    }
  };
  addEventListener("storage", (event) => {
    if (event.key !== DAY && event.key !== null) return;
    if (!document.hidden || !event.newValue) check();
  });
  // A window out of sight brings itself up to date when it is looked at.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
  return check;
}
