// The parts of the window: the messages, what is said beside them, and what is in sight.
import { button, longest, make, messageRow, texts } from "./messages.js";
import { chat, keep } from "./store.js";

export const byId = (id) => document.getElementById(id);
export const [log, choices, problem, box, send, scroller] =
  ["log", "choices", "problem", "box", "send", "scroller"].map(byId);
const [typing, boxProblem, more, progress, panel] = ["typing", "box-problem", "more", "progress", "answers"].map(byId);
const SLOW_AFTER = 8000;
// Most answers come at once: then there is nothing to say about waiting.
const SAY_AFTER = 600;
let waiting = [];

export function show(message, { remember = true } = {}) {
  const row = messageRow(message);
  log.append(row);
  if (remember) chat.shown.push({ from: message.from, kind: message.kind, text: message.text, alarm: message.alarm });
  return row;
}

export const note = (text) => show({ from: "bot", kind: "note", text }, { remember: false });

export const lastOwnRow = () => [...log.querySelectorAll(".mine")].pop();

// Messages of before are shown again, but not read out again.
export function showAgain(messages) {
  log.setAttribute("aria-live", "off");
  const rows = messages.map((message) => show(message, { remember: false }));
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  return rows;
}

// For ears: said once, politely, where it can be heard. Behind an open panel nothing can.
export function tell(text) {
  byId(panel.open ? "answers-said" : "said").textContent = text;
}

export function startWaiting() {
  typing.hidden = false;
  const words = typing.querySelector(".typing-text");
  words.textContent = texts.typing;
  waiting = [
    setTimeout(() => tell(texts.typing), SAY_AFTER),
    setTimeout(() => { words.textContent = texts.slow; tell(texts.slow); }, SLOW_AFTER),
  ];
  send.disabled = true;
  problem.hidden = true;
  choices.hidden = true;
  toEnd();
}

export function stopWaiting(over) {
  waiting.forEach(clearTimeout);
  typing.hidden = true;
  send.disabled = over;
  tell("");
}

export function showProblem(text, actions) {
  problem.replaceChildren(make("p", "", text));
  const row = make("div", "row");
  row.append(...actions);
  problem.append(row);
  problem.hidden = false;
  toEnd();
}

let saidLeft = null;

// Shown each time; read out only now and then, so that it does not nag.
export function showProgress(state, quietly) {
  const left = state?.left;
  progress.hidden = !left;
  if (!left) return;
  const text = left === 1 ? texts.left_one : texts.left.replace("{number}", left);
  const bar = progress.querySelector("progress");
  bar.max = left + state.answers.length;
  bar.value = state.answers.length;
  progress.querySelector("span").textContent = text;
  const step = left === 1 ? 0 : Math.ceil(left / 5);
  if (!quietly && step !== saidLeft && !panel.open) tell(text);
  saidLeft = step;
}

export function toEnd() {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
}

// A long answer is read from its start, so the first new message is brought to the top, not the last to the bottom.
export function bringIntoView(row) {
  const start = row.offsetTop - 12;
  if (start >= scroller.scrollHeight - scroller.clientHeight) toEnd();
  else scroller.scrollTop = start;
}

export function focusOn(row) {
  const bubble = row.querySelector(".bubble");
  bubble.tabIndex = -1;
  bubble.focus({ preventScroll: true });
}

export function fillBox(words) {
  box.value = words;
  grow();
}

export function takeRowBack() {
  lastOwnRow().remove();
  return chat.shown.pop().text;
}

export function offerNewChat(start) {
  choices.replaceChildren(button(texts.new, "", start));
  choices.hidden = false;
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 3}px`;
  boxProblem.hidden = [...box.value].length <= longest;
}

// Long messages push the choices out of sight on a phone: a bar below them says that there is more.
function hintAtMore() {
  more.hidden = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
}

export function watchBox(sendWords) {
  const sendIfGood = () => { if (box.value.trim() && boxProblem.hidden) sendWords(box.value.trim()); };
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendIfGood();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendIfGood();
    }
  });
  box.addEventListener("input", () => {
    grow();
    chat.draft = box.value;
    keep();
  });
  addEventListener("resize", grow);
  // The bar lies over the last line in sight: that line must be in sight after the step.
  more.addEventListener("click", () => scroller.scrollBy({ top: (scroller.clientHeight - more.offsetHeight) * 0.85 }));
  scroller.addEventListener("scroll", hintAtMore, { passive: true });
  for (const part of [byId("content"), scroller]) new ResizeObserver(hintAtMore).observe(part);
}

