// What a device keeps, so that a reload, the way back or a return within the day loses nothing. The words of a chat
// stay in their tab. All tabs share one thing: the key of the chat, how far it is, and when that was.
export const CHAT = "prescreen-chat";
export const FORM = "prescreen-form";
export const SENT = "prescreen-sent";
export const DAY = "prescreen-day";
const DAY_LONG = 24 * 3600 * 1000;

const place = (name) => (name === DAY ? localStorage : sessionStorage);

// Storage may be blocked in an iframe: then nothing is kept.
export function read(name) {
  try { return JSON.parse(place(name).getItem(name)); } catch { return null; }
}

export function write(name, value) {
  try {
    place(name).setItem(name, JSON.stringify(value));
    return true;
  } catch { return false; }
}

export function drop(...names) {
  for (const name of names) {
    try { place(name).removeItem(name); } catch { /* Nothing was kept then. */ }
  }
}

// The chat of this day, if there is one. The server erases a chat a day after its last message.
export function chatOfToday() {
  const day = read(DAY);
  if (!day) return null;
  if (typeof day.session === "string" && Math.abs(Date.now() - day.at) < DAY_LONG) return day;
  drop(DAY);
  return null;
}

// Nothing of a chat stays in this tab, nor the key to it on this device.
export function forget(session) {
  drop(CHAT, FORM, SENT);
  if (read(DAY)?.session === session) drop(DAY);
}

// What the window knows of its chat. It is kept in this tab; the other tabs learn only how far it is.
// `sending` is the message that has not been answered yet; `sent` holds the references of what went to the study team;
// `told` is true once she said anything; `kept` once the device holds the key to this chat.
export const chat = {
  session: null, shown: [], open: null, state: null, draft: "", sending: null, sent: [], told: false, kept: false,
};
export const now = { busy: false, over: false };

export function keep() {
  if (!now.over) write(CHAT, chat);
}

// A chat in which nothing was said is not worth coming back to.
export function keepForToday() {
  if (now.over || !chat.told || !chat.session || !chat.state) return;
  chat.kept = write(DAY, { session: chat.session, turn: chat.state.turn ?? 0, at: Date.now() }) || chat.kept;
}

// Several windows of one device: one chat. A window that is behind brings itself up to date, and an erased chat ends
// in all of them.
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
