// Sending, one message at a time. A message keeps its id until it is answered: sent again, it is taken in once.
import { newId, post } from "./api.js";
import { chat, keep, keepForToday, now } from "./store.js";

// What the window does about it; main.js fills these in.
export const hooks = { sent: null, waits: null, answered: null, failed: null, rests: null };
let line = null;
let onceMore = false;

// Answers with the server's answer, or with null where there is none: the window then says what can be done.
export function say(message, title, pressed) {
  // The message before this one goes first, and its answer is read before the next one is sent.
  if (now.busy || now.over) return Promise.resolve(null);
  // It is not the answer to what is asked here, so that nobody may take it for that.
  if (chat.sending) return deliver().then(() => null);
  const typed = title === undefined;
  chat.sending = { id: newId(), message, typed, after: chat.state?.turn, ...pressed };
  hooks.sent(title ?? message, typed);
  return deliver();
}

// A pressed button that is no answer: the server need not guess what its words mean.
export function press(command, title, question) {
  return say(title, title, { command, question });
}

export async function deliver() {
  if (now.busy || now.over || !chat.sending) return null;
  const { id, message, after, command, question } = chat.sending;
  return settle(await ask({ message, after, command, question, message_id: id }));
}

// Asks where the chat stands; nothing is taken in. Where a message waits for its answer, that answer tells it.
export async function look() {
  if (now.busy || now.over) return null;
  if (chat.sending) return deliver();
  return settle(await ask({ message: "", command: "look" }));
}

async function ask(words) {
  now.busy = true;
  line = new AbortController();
  hooks.waits(words);
  keep();
  try {
    const language = document.documentElement.lang;
    return { answer: await post("/api/chat", { session: chat.session, language, ...words }, line) };
  } catch (error) {
    return { error };
  } finally {
    now.busy = false;
  }
}

function settle({ answer, error }) {
  const again = onceMore && !answer;
  onceMore = false;
  // She may have erased everything meanwhile.
  if (now.over) answer = null;
  else if (answer) {
    const mine = chat.sending;
    chat.sending = null;
    chat.session = answer.session;
    chat.state = answer.state;
    keepForToday();
    hooks.answered(answer, mine);
  } else if (!again) hooks.failed(error);
  hooks.rests();
  keep();
  if (again) return chat.sending ? deliver() : look();
  return answer ?? null;
}

// The line is back: what was on its way when it broke may hang for ever.
addEventListener("online", () => {
  if (now.busy) {
    onceMore = true;
    line.abort();
  } else if (chat.sending) deliver();
});
