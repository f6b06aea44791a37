// The chat window: what happens when words go out, an answer comes, or something fails.
import { goTo, post } from "./api.js";
import { answerParts } from "./choices.js";
import { closeOnEscape, whenOpened } from "./frame.js";
import { button, make, markUnsent, texts } from "./messages.js";
import { closeAnswers, openAnswers } from "./panel.js";
import { CHAT, SENT, chat, chatOfToday, drop, forget, keep, now, read, watchOtherTabs } from "./store.js";
import { deliver, hooks, look, press, say } from "./talk.js";
import * as view from "./view.js";

const { box, byId, choices, log, problem, show } = view;
const eraseDialog = byId("erase-dialog");
let heldFocus = false;
let startsAnew = false;

hooks.sent = (title, typed) => {
  chat.told = chat.told || Boolean(title);
  if (title) show({ from: "you", text: title });
  if (typed) view.fillBox("");
  chat.draft = box.value;
};

hooks.waits = ({ command, message }) => {
  heldFocus = choices.contains(document.activeElement) || problem.contains(document.activeElement);
  if (message && command !== "look") markUnsent(view.lastOwnRow(), false);
  view.startWaiting();
};

hooks.rests = () => {
  view.stopWaiting(now.over);
  if (chat.state) view.showProgress(now.over ? null : chat.state);
  if (!now.over) catchUp();
};

// The key that this device kept opens nothing any more.
const keyIsOld = () => chat.kept && !chat.shown.length && !chat.sending;

hooks.answered = (answer, mine) => {
  view.stopWaiting(false);
  if (answer.state.phase === "closed" && keyIsOld()) return startNew();
  // Her words answered a question of before: they were not taken in, and what she typed is hers again.
  if (answer.state.moved_on && mine?.message) giveBack(mine);
  const alarm = answer.state.phase === "emergency";
  const rows = answer.messages.map((message) => show({ from: "bot", ...message, alarm }));
  chat.open = [...answer.messages].reverse().find((message) => message.choices.length || message.input) ?? null;
  if (answer.state.phase === "closed") ended(answer.state.sent);
  else offer(chat.open);
  view.bringIntoView(rows[0]);
  // The pressed button is gone: a keyboard or screen reader goes on at the new message.
  if (heldFocus || now.over) view.focusOn(rows[0]);
};

// The message did not arrive, or its answer did not: it stays in its place, marked, until it is sent again.
hooks.failed = (error) => {
  const { sending } = chat;
  if (sending && ["too_long", "malformed"].includes(error.code)) {
    takeBack();
    return view.showProblem(error.text, []);
  }
  if (sending?.message) markUnsent(view.lastOwnRow(), true);
  if (error.code === "bad_session") {
    if (keyIsOld()) return startNew();
    close();
    return view.showProblem(error.text, [button(texts.new, "", startNew)]);
  }
  const actions = [button(texts.again, "", sending ? deliver : look)];
  // Other words may be tried only where it is certain that these were not taken in.
  const refused = error.code && error.code !== "late";
  if (refused && sending?.message) actions.push(button(texts.edit, "quiet", () => { takeBack(); box.focus(); }));
  view.showProblem(error.text ?? (navigator.onLine ? texts.unavailable : texts.offline), actions);
};

function takeBack() {
  giveBack(chat.sending);
  chat.sending = null;
  problem.hidden = true;
  offer(chat.open);
  keep();
}

function giveBack({ command }) {
  const words = view.takeRowBack();
  if (!command) view.fillBox([words, box.value].filter(Boolean).join(" "));
  chat.draft = box.value;
}

function offer(message) {
  const { verdict, phase, sent, asks, answers } = chat.state ?? {};
  const offered = (message?.choices ?? []).filter((choice) => choice.payload !== "contact_form");
  const parts = [];
  if (verdict && ["offer", "verdict"].includes(phase)) parts.push(...afterVerdict(verdict, phase, sent));
  const change = phase === "offer" && answers?.length ? openAnswers : null;
  if (message) parts.push(...answerParts({ ...message, choices: offered }, { say, erase: askToErase, change }));
  if (asks && phase !== "emergency") {
    const row = make("div", "options about");
    row.append(button(texts.why, "small", () => press("why", texts.why)));
    if (answers?.length) row.append(button(texts.go_back, "small", () => press("go_back", texts.go_back)));
    parts.push(row);
  }
  choices.replaceChildren(...parts);
  choices.hidden = !parts.length;
}

function afterVerdict({ verdict }, phase, sent) {
  const row = make("div", "options");
  const mayWrite = verdict !== "not_likely" && phase === "offer";
  if (mayWrite && !sent) row.append(button(texts.contact, "main", () => leaveFor("/contact")));
  row.append(button(texts.after, "", () => leaveFor("/after")));
  const said = mayWrite && sent ? [make("p", "sent-note", texts.sent.replace("{reference}", sent))] : [];
  return [...said, row];
}

function leaveFor(path) {
  keep();
  goTo(path, chat.session);
}

function close() {
  now.over = true;
  for (const part of [box, view.send, byId("answers-open"), byId("human")]) part.disabled = true;
  choices.hidden = true;
  closeAnswers();
  view.showProgress(null);
  forget(chat.session);
}

// The receipt names what these answers were sent as; this page knows what was sent before they changed.
function ended(named) {
  const others = chat.sent.filter((reference) => reference !== named);
  if (others.length) {
    const text = texts.erased_sent.replace("{reference}", others.join(", "));
    show({ from: "bot", kind: "info", text }, { remember: false });
  }
  close();
  view.offerNewChat(startNew);
}

function startNew() {
  forget(chat.session);
  location.reload();
}

// Erased in another window, or a day old: nothing of it stays on this screen.
function endedElsewhere() {
  closeAnswers();
  emptyWindow();
  const row = view.note(texts.erased_elsewhere);
  ended();
  view.focusOn(row);
}

function emptyWindow() {
  if (eraseDialog.open) eraseDialog.close();
  log.replaceChildren();
  problem.hidden = true;
  view.fillBox("");
}

function askToErase(anew = false) {
  startsAnew = anew === true;
  eraseDialog.showModal();
}

async function erase() {
  eraseDialog.close();
  if (now.over) return;
  let receipt = { text: texts.erased };
  try {
    if (chat.session) receipt = await post("/api/chat/erase", { session: chat.session });
  } catch (error) {
    if (error.code !== "bad_session") {
      closeAnswers();
      return view.showProblem(error.text ?? texts.offline, [button(texts.again, "", erase)]);
    }
  }
  if (startsAnew) return startNew();
  emptyWindow();
  const row = show({ from: "bot", kind: "info", text: receipt.text });
  ended(receipt.sent);
  view.focusOn(row);
}

// This tab was here before: what was said is here still.
function resume(before) {
  Object.assign(chat, before);
  const sent = read(SENT);
  if (sent?.session === chat.session) {
    chat.sent = [...new Set([...chat.sent, sent.reference])];
    if (chat.state) chat.state.sent = sent.reference;
    drop(SENT);
  }
  const rows = view.showAgain(chat.shown);
  view.note(texts.resumed);
  view.showProgress(chat.state, true);
  if (chat.sending) {
    if (chat.sending.message) markUnsent(view.lastOwnRow(), true);
    view.showProblem(texts.not_answered, [button(texts.again, "", deliver)]);
  } else {
    offer(chat.open);
    // She goes on where she was: at the question.
    view.bringIntoView(rows.reverse().find((row) => !row.classList.contains("mine")) ?? log.lastElementChild);
  }
  keep();
  catchUp();
}

// Another window or an earlier hour: the words are not here, but the question that waits is, and the answers are.
function join(day) {
  Object.assign(chat, { session: day.session, told: true, kept: true });
  const row = view.note(texts.welcome_back);
  row.append(button(texts.not_me, "quiet small", () => askToErase(true)));
  look().then(() => view.bringIntoView(row));
}

const catchUp = watchOtherTabs({
  behind: () => {
    // What is typed there would answer a question that does not wait any more.
    closeAnswers();
    view.note(texts.moved);
    look();
  },
  ended: endedElsewhere,
});

view.watchBox((words) => say(words));
byId("erase").addEventListener("click", askToErase);
byId("human").addEventListener("click", () => press("human", texts.human));
byId("erase-no").addEventListener("click", () => eraseDialog.close());
byId("erase-yes").addEventListener("click", erase);
// A page out of the browser's memory does not know yet what became of the form.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
closeOnEscape();
whenOpened(() => {
  const last = [...log.querySelectorAll(".message:not(.mine)")].pop();
  if (last && document.activeElement === document.body) view.focusOn(last);
});

const before = read(CHAT);
const day = chatOfToday();
view.fillBox(before?.draft ?? "");
if (before?.kept && !day) {
  chat.session = before.session;
  endedElsewhere();
} else if (before?.session && (!day || day.session === before.session)) resume(before);
else if (day) join(day);
else say("", "");
