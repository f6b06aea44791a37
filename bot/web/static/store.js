// What this tab keeps while it is open, so that a reload or the way back loses nothing. Nothing leaves the tab.
export const CHAT = "prescreen-chat";
export const FORM = "prescreen-form";
export const SENT = "prescreen-sent";

// Storage may be blocked in an iframe: then nothing is kept.
export function read(name) {
  try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
}

export function write(name, value) {
  try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* Blocked or full. */ }
}

export function drop(...names) {
  try { for (const name of names) sessionStorage.removeItem(name); } catch { /* Nothing was kept then. */ }
}
