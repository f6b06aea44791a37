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
