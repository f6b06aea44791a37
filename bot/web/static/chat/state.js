// What the window knows of its chat. It is kept in this tab; the other tabs learn only how far it is.
import { CHAT, DAY, write } from "./store.js";

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
