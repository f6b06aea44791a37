// The chat window: takes a family's words to the server and shows what comes back.
import { newId, post } from "./api.js";
import { button, longest, make, markUnsent, messageRow, texts, tickList } from "./messages.js";
import { CHAT, FORM, SENT, drop, read, write } from "./store.js";

const byId = (id) => document.getElementById(id);
const [log, choices, typing, problem, box, boxProblem, send, scroller, more] =
  ["log", "choices", "typing", "problem", "box", "box-problem", "send", "scroller", "more"].map(byId);
const SLOW_AFTER = 8000;

// `sending` is the message that has not been answered yet; `sent` holds the references of what went to the study team.
let chat = { session: null, shown: [], open: null, state: null, draft: "", sending: null, sent: [] };
let busy = false;
let over = false;

function keep() {
  if (over) return;
  chat.draft = box.value;
  write(CHAT, chat);
}

function show(message, { remember = true } = {}) {
  const row = messageRow(message);
  log.append(row);
  if (remember) chat.shown.push({ from: message.from, kind: message.kind, text: message.text, alarm: message.alarm });
  return row;
}

const lastOwnRow = () => [...log.querySelectorAll(".mine")].at(-1);

function offerChoices(message) {
  choices.replaceChildren();
  const offered = (message?.choices ?? []).filter((choice) => choice.payload !== "contact_form");
  const form = chat.state?.verdict && chat.state.verdict.verdict !== "not_likely" && chat.state.phase === "offer";
  const sent = form && chat.state.sent;
  choices.hidden = !offered.length && !form;
  if (choices.hidden) return;
  const set = make("fieldset");
  set.append(make("legend", "", message?.multiple ? texts.choose_many : texts.choose_one));
  if (sent) set.prepend(make("p", "sent-note", texts.sent.replace("{reference}", sent)));
  else if (form) {
    const row = make("div", "options");
    row.append(button(texts.contact, "main", openForm));
    set.append(row);
  }
  if (message?.multiple) set.append(...tickList(offered, say));
  else {
    const row = make("div", "options");
    const apart = make("div", "options apart");
    // Erasing everything can't be taken back: it stands apart and asks first, wherever it is offered.
    for (const choice of offered) {
      if (choice.payload === "stop") apart.append(button(choice.title, "erase", askToErase));
      else row.append(button(choice.title, "", () => say(choice.payload, choice.title)));
    }
    set.append(...[row, apart].filter((options) => options.hasChildNodes()));
  }
  choices.append(set);
}

function showProblem(text, actions) {
  problem.replaceChildren(make("p", "", text));
  const row = make("div", "row");
  row.append(...actions);
  problem.append(row);
  problem.hidden = false;
  toEnd();
}

// Long messages push the choices out of sight on a phone: a bar below them says that there is more.
function hintAtMore() {
  more.hidden = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
}

function toEnd() {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
}

// A long answer is read from its start, so the first new message is brought to the top, not the last to the bottom.
function bringIntoView(row) {
  const start = row.offsetTop - scroller.offsetTop - 12;
  if (start >= scroller.scrollHeight - scroller.clientHeight) toEnd();
  else scroller.scrollTop = start;
}

function say(payload, title) {
  // The message before this one goes first, and its answer is read before the next one is sent.
  if (busy || over) return;
  if (!chat.sending) {
    chat.sending = { id: newId(), payload };
    if (title ?? payload) show({ from: "you", text: title ?? payload });
    if (title === undefined) box.value = "";
    grow();
  }
  deliver();
}

async function deliver() {
  if (busy || over || !chat.sending) return;
  busy = true;
  const { id, payload } = chat.sending;
  const hadFocus = choices.contains(document.activeElement) || problem.contains(document.activeElement);
  problem.hidden = true;
  choices.hidden = true;
  if (payload) markUnsent(lastOwnRow(), false);
  keep();
  send.disabled = true;
  typing.hidden = false;
  const typingText = typing.querySelector(".typing-text");
  typingText.textContent = texts.typing;
  const slow = setTimeout(() => { typingText.textContent = texts.slow; }, SLOW_AFTER);
  toEnd();
  try {
    const language = document.documentElement.lang;
    const answer = await post("/api/chat", { session: chat.session, message: payload, language, message_id: id });
    typing.hidden = true;
    // She may have erased everything meanwhile.
    if (over) return;
    chat.sending = null;
    take(answer, hadFocus);
  } catch (error) {
    typing.hidden = true;
    if (!over) failed(error);
  } finally {
    clearTimeout(slow);
    busy = false;
    send.disabled = over;
    keep();
  }
}

function take(answer, moveFocus) {
  chat.session = answer.session;
  chat.state = answer.state;
  const alarm = answer.state.phase === "emergency";
  const rows = answer.messages.map((message) => show({ from: "bot", ...message, alarm }));
  chat.open = answer.messages.findLast((message) => message.choices.length) ?? null;
  if (answer.state.phase === "closed") ended(answer.state.sent);
  else offerChoices(chat.open ?? answer.messages.at(-1));
  bringIntoView(rows[0]);
  // The pressed button is gone: a keyboard or screen reader goes on at the new message.
  if (moveFocus || over) focusOn(rows[0]);
}

function focusOn(row) {
  const bubble = row.querySelector(".bubble");
  bubble.tabIndex = -1;
  bubble.focus({ preventScroll: true });
}

// The message did not arrive, or its answer did not: it stays in its place, marked, until it is sent again.
function failed(error) {
  if (error.code === "too_long" || error.code === "malformed") {
    takeBack();
    return showProblem(error.text, []);
  }
  if (chat.sending.payload) markUnsent(lastOwnRow(), true);
  if (error.code === "bad_session") {
    close();
    return showProblem(error.text, [button(texts.new, "", startNew)]);
  }
  const actions = [button(texts.again, "", deliver)];
  // Other words may be tried only where it is certain that these were not taken in.
  const refused = error.code && error.code !== "late";
  if (refused && chat.sending.payload) actions.push(button(texts.edit, "quiet", () => { takeBack(); box.focus(); }));
  showProblem(error.text ?? (navigator.onLine ? texts.unavailable : texts.offline), actions);
}

function takeBack() {
  lastOwnRow().remove();
  box.value = [chat.shown.pop().text, box.value].filter(Boolean).join(" ");
  chat.sending = null;
  problem.hidden = true;
  offerChoices(chat.open);
  grow();
  keep();
}

function close() {
  over = true;
  box.disabled = true;
  send.disabled = true;
  choices.hidden = true;
  drop(CHAT, FORM, SENT);
}

// The receipt names what these answers were sent as; this page knows what was sent before they changed.
function ended(named) {
  const others = chat.sent.filter((reference) => reference !== named);
  if (others.length) {
    const text = texts.erased_sent.replace("{reference}", others.join(", "));
    show({ from: "bot", kind: "info", text }, { remember: false });
  }
  close();
  choices.replaceChildren(button(texts.new, "", startNew));
  choices.hidden = false;
}

function startNew() {
  drop(CHAT, FORM, SENT);
  location.reload();
}

function openForm() {
  keep();
  const form = make("form");
  form.method = "post";
  form.action = "/contact";
  const field = make("input");
  field.type = "hidden";
  field.name = "session";
  field.value = chat.session;
  form.append(field);
  document.body.append(form);
  form.submit();
}

function askToErase() {
  byId("erase-dialog").showModal();
}

async function erase() {
  byId("erase-dialog").close();
  if (over) return;
  let receipt = { text: texts.erased };
  try {
    if (chat.session) receipt = await post("/api/chat/erase", { session: chat.session });
  } catch (error) {
    if (error.code !== "bad_session") return showProblem(error.text ?? texts.offline, [button(texts.again, "", erase)]);
  }
  log.replaceChildren();
  problem.hidden = true;
  box.value = "";
  const row = show({ from: "bot", kind: "info", text: receipt.text });
  ended(receipt.sent);
  focusOn(row);
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 3}px`;
  boxProblem.hidden = [...box.value].length <= longest;
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim() && boxProblem.hidden) say(box.value.trim());
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});
box.addEventListener("input", () => { grow(); keep(); });
addEventListener("resize", grow);
// The bar lies over the last line in sight: that line must be in sight after the step.
more.addEventListener("click", () => scroller.scrollBy({ top: (scroller.clientHeight - more.offsetHeight) * 0.85 }));
scroller.addEventListener("scroll", hintAtMore, { passive: true });
new ResizeObserver(hintAtMore).observe(byId("content"));
new ResizeObserver(hintAtMore).observe(scroller);
byId("erase").addEventListener("click", askToErase);
byId("erase-no").addEventListener("click", () => byId("erase-dialog").close());
byId("erase-yes").addEventListener("click", erase);
// The widget around this iframe closes on Escape, which the iframe alone hears.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("erase-dialog").open && parent !== window) parent.postMessage("prescreen-close", "*");
});
// A page out of the browser's memory does not know yet what became of the form.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

function resume(before) {
  chat = { ...chat, ...before };
  const sent = read(SENT);
  if (sent?.session === chat.session) {
    chat.sent = [...new Set([...chat.sent, sent.reference])];
    if (chat.state) chat.state.sent = sent.reference;
    drop(SENT);
  }
  log.setAttribute("aria-live", "off");
  const rows = chat.shown.map((message) => show(message, { remember: false }));
  log.setAttribute("aria-live", "polite");
  show({ from: "bot", kind: "note", text: texts.resumed }, { remember: false });
  if (chat.sending) {
    markUnsent(lastOwnRow(), true);
    showProblem(texts.not_answered, [button(texts.again, "", deliver)]);
  } else {
    offerChoices(chat.open ?? { choices: [] });
    // She goes on where she was: at the question.
    bringIntoView(rows.findLast((row) => !row.classList.contains("mine")) ?? log.lastElementChild);
  }
  keep();
}

const before = read(CHAT);
box.value = before?.draft ?? "";
if (before?.session) resume(before);
else say("", "");
grow();
