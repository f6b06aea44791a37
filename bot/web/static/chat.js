// The chat window. Everything that is shown is set with textContent: nothing a family or the server says becomes markup.
const byId = (id) => document.getElementById(id);
const texts = JSON.parse(byId("texts").textContent);
const [log, choices, typing, problem, box, send, scroller, more] =
  ["log", "choices", "typing", "problem", "box", "send", "scroller", "more"].map(byId);
const STORE = "prescreen-chat";
const SLOW_AFTER = 8000;
const ALONE = new Set(["none", "not_sure"]);

// What is kept while this window is open, so that a reload or the way back from the form loses nothing.
let chat = { session: null, shown: [], open: null, state: null, draft: "" };
let busy = false;
let over = false;

function keep() {
  if (over) return;
  chat.draft = box.value;
  try { sessionStorage.setItem(STORE, JSON.stringify(chat)); } catch { /* Storage may be blocked in an iframe. */ }
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(STORE)); } catch { return null; }
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function button(title, className, press) {
  const element = make("button", className, title);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

// Addresses in a message become links; everything else stays plain text.
function fillWithLinks(element, text) {
  for (const part of text.split(/(https?:\/\/[^\s)]*[^\s).,;]|(?<=\s)\/privacy\b)/)) {
    if (/^https?:\/\/|^\/privacy$/.test(part)) {
      const link = make("a", "", part);
      link.href = part;
      link.target = "_blank";
      link.rel = "noopener";
      element.append(link);
    } else if (part) element.append(part);
  }
}

function show(message, { remember = true } = {}) {
  const row = make("div", `message ${message.from === "you" ? "mine" : message.kind}`);
  const bubble = make("div", "bubble");
  bubble.append(make("span", "away", `${message.from === "you" ? texts.you : texts.bot}: `));
  fillWithLinks(bubble, message.text);
  row.append(bubble);
  log.append(row);
  if (remember) chat.shown.push({ from: message.from, kind: message.kind, text: message.text, payload: message.payload });
  return row;
}

function offerChoices(message) {
  choices.replaceChildren();
  const offered = (message?.choices ?? []).filter((choice) => choice.payload !== "contact_form");
  const form = chat.state?.verdict && chat.state.verdict.verdict !== "not_likely" && chat.state.phase === "offer";
  choices.hidden = !offered.length && !form;
  if (choices.hidden) return;
  const set = make("fieldset");
  set.append(make("legend", "", message.multiple ? texts.choose_many : texts.choose_one));
  if (form) {
    const row = make("div", "options");
    row.append(button(texts.contact, "main", openForm));
    set.append(row);
  }
  if (message.multiple) set.append(...tickList(offered));
  else {
    const row = make("div", "options");
    row.append(...offered.map((choice) => button(choice.title, "", () => say(choice.payload, choice.title))));
    set.append(row);
  }
  choices.append(set);
}

function tickList(offered) {
  const list = make("div", "ticks");
  const boxes = offered.map((choice) => {
    const label = make("label");
    const tick = make("input");
    tick.type = "checkbox";
    tick.value = choice.payload;
    label.append(tick, make("span", "", choice.title));
    list.append(label);
    return tick;
  });
  const ready = button(texts.send_choices, "", () => {
    const ticked = offered.filter((_, number) => boxes[number].checked);
    say(ticked.map((choice) => choice.payload).join(", "), ticked.map((choice) => choice.title).join(", "));
  });
  const update = () => { ready.disabled = !boxes.some((tick) => tick.checked); };
  list.addEventListener("change", (event) => {
    // "None of these" and "I don't know" stand alone.
    for (const tick of boxes) {
      if (tick !== event.target && event.target.checked && (ALONE.has(event.target.value) || ALONE.has(tick.value))) {
        tick.checked = false;
      }
    }
    update();
  });
  update();
  return [list, ready];
}

function showProblem(text, actions) {
  problem.replaceChildren(make("p", "", text));
  const row = make("div", "row");
  row.append(...actions);
  problem.append(row);
  problem.hidden = false;
  toEnd();
}

// Long messages push the choices out of sight on a phone: a button says that there is more.
function hintAtMore() {
  more.hidden = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

// A long answer is read from its start, so the first new message is brought to the top, not the last to the bottom.
function bringIntoView(row) {
  const start = row.offsetTop - scroller.offsetTop - 12;
  scroller.scrollTop = Math.min(start, scroller.scrollHeight - scroller.clientHeight);
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error.code), { text: answer.error.text, code: answer.error.code });
}

async function say(payload, title, { again = false } = {}) {
  if (busy) return;
  busy = true;
  problem.hidden = true;
  const typed = title === undefined;
  const hadFocus = choices.contains(document.activeElement) || problem.contains(document.activeElement);
  if (!again && (title ?? payload)) show({ from: "you", text: title ?? payload, payload });
  choices.hidden = true;
  if (typed) box.value = "";
  grow();
  send.disabled = true;
  typing.hidden = false;
  const typingText = typing.querySelector(".typing-text");
  typingText.textContent = texts.typing;
  const slow = setTimeout(() => { typingText.textContent = texts.slow; }, SLOW_AFTER);
  toEnd();
  try {
    const answer = await post("/api/chat", { session: chat.session, message: payload, language: document.documentElement.lang });
    typing.hidden = true;
    take(answer, hadFocus);
  } catch (error) {
    typing.hidden = true;
    failed(error, payload, title);
  } finally {
    clearTimeout(slow);
    busy = false;
    send.disabled = false;
    keep();
  }
}

function take(answer, moveFocus) {
  chat.session = answer.session;
  chat.state = answer.state;
  const rows = answer.messages.map((message) => show({ from: "bot", ...message }));
  chat.open = answer.messages.findLast((message) => message.choices.length) ?? null;
  if (answer.state.phase === "closed") ended();
  else offerChoices(chat.open ?? answer.messages.at(-1));
  bringIntoView(rows[0]);
  // The pressed button is gone: a keyboard or screen reader goes on at the new message.
  if (moveFocus) focusOn(rows[0]);
}

function focusOn(row) {
  const bubble = row.querySelector(".bubble");
  bubble.tabIndex = -1;
  bubble.focus({ preventScroll: true });
}

function failed(error, payload, title) {
  offerChoices(chat.open);
  if (error.code === "bad_session") {
    return showProblem(error.text, [button(texts.new, "", startNew)]);
  }
  const text = error.text ?? (navigator.onLine ? texts.unavailable : texts.offline);
  if (error.code === "too_long" || error.code === "malformed") {
    log.lastElementChild.remove();
    chat.shown.pop();
    box.value = payload;
    grow();
    return showProblem(text, []);
  }
  showProblem(text, [button(texts.again, "", () => say(payload, title ?? payload, { again: true }))]);
}

function ended() {
  try { sessionStorage.removeItem(STORE); } catch { /* Nothing was stored then. */ }
  chat = { session: null, shown: [], open: null, state: null, draft: "" };
  choices.replaceChildren(button(texts.new, "", startNew));
  choices.hidden = false;
  over = true;
}

function startNew() {
  try { sessionStorage.removeItem(STORE); } catch { /* Nothing was stored then. */ }
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

async function erase() {
  byId("erase-dialog").close();
  if (chat.session) {
    try {
      await post("/api/chat/erase", { session: chat.session });
    } catch (error) {
      if (error.code !== "bad_session") {
        return showProblem(error.text ?? texts.offline, [button(texts.again, "", erase)]);
      }
    }
  }
  log.replaceChildren();
  problem.hidden = true;
  box.value = "";
  focusOn(show({ from: "bot", kind: "info", text: texts.erased }));
  ended();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 3}px`;
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim()) say(box.value.trim());
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});
box.addEventListener("input", () => { grow(); keep(); });
more.addEventListener("click", toEnd);
scroller.addEventListener("scroll", hintAtMore, { passive: true });
new ResizeObserver(hintAtMore).observe(byId("content"));
new ResizeObserver(hintAtMore).observe(scroller);
byId("erase").addEventListener("click", () => byId("erase-dialog").showModal());
byId("erase-no").addEventListener("click", () => byId("erase-dialog").close());
byId("erase-yes").addEventListener("click", erase);
// The widget around this iframe closes on Escape, which the iframe alone hears.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("erase-dialog").open && parent !== window) parent.postMessage("prescreen-close", "*");
});

const before = kept();
if (before?.session) {
  chat = before;
  log.setAttribute("aria-live", "off");
  for (const message of chat.shown) show(message, { remember: false });
  log.setAttribute("aria-live", "polite");
  show({ from: "bot", kind: "note", text: texts.resumed }, { remember: false });
  box.value = chat.draft;
  grow();
  const last = chat.shown.at(-1);
  offerChoices(chat.open ?? { choices: [] });
  if (last?.from === "you") {
    showProblem(texts.unavailable, [button(texts.again, "", () => say(last.payload, last.text, { again: true }))]);
  }
  toEnd();
} else {
  say("", undefined);
}
