// "Your answers": each answer so far with a button that changes it on the spot. The chat shows what was said, too.
import { answerParts } from "./choices.js";
import { button, fillWithLinks, make, texts } from "./messages.js";
import { chat } from "./store.js";
import { press, say } from "./talk.js";
import { byId, tell } from "./view.js";

const [panel, list, none, title] = ["answers", "answers-list", "no-answers", "answers-title"].map(byId);
// What the chat asks while an answer is changed here.
let asked = null;

export function openAnswers() {
  draw();
  tell("");
  panel.showModal();
  title.focus();
}

export function closeAnswers() {
  if (panel.open) panel.close();
}

function draw() {
  const answers = chat.state?.answers ?? [];
  none.hidden = answers.length > 0;
  list.replaceChildren(...answers.map(row));
}

function row(answer) {
  const item = make("li", "answer");
  item.dataset.question = answer.question;
  const told = make("div", "told");
  told.append(make("h3", "", answer.title), make("p", "", answer.text));
  const name = texts.change_one.replace("{title}", answer.title);
  const change = button(texts.change, "quiet small", () => begin(answer.question, name));
  change.setAttribute("aria-label", name);
  item.append(told, change);
  return item;
}

const rowOf = (question) => [...list.children].find((item) => item.dataset.question === question);

async function begin(question, name) {
  const got = await press("change", name, question);
  asked = got?.state.asks ?? null;
  goOn(question, got);
}

// After each answer: the question is put once more, is read back, or is done with.
function goOn(question, got) {
  // What went wrong, and what is more urgent than a list, stands in the chat.
  const phase = got?.state.phase;
  if (!got || got.state.moved_on || phase === "emergency" || phase === "closed") return closeAnswers();
  draw();
  const item = rowOf(question);
  if (item && (phase === "confirm" || (asked && got.state.asks === asked))) return ask(question, item, got.messages, phase);
  asked = null;
  tell(texts.changed);
  (item?.querySelector("button") ?? title).focus();
}

function ask(question, item, messages, phase) {
  const place = make("div", "edit");
  for (const message of messages) fillWithLinks(place.appendChild(make("p")), message.text);
  const answer = async (words, shown) => goOn(question, await say(words, shown));
  place.append(...answerParts(messages[messages.length - 1], { say: answer, erase: () => byId("erase").click() }));
  if (phase !== "confirm") {
    place.append(ownWords(answer), leaveIt(question));
  }
  item.append(place);
  item.querySelector(":scope > button").hidden = true;
  const first = place.querySelector("p");
  first.tabIndex = -1;
  first.focus();
  item.scrollIntoView({ block: "nearest" });
}

function ownWords(answer) {
  const form = make("form", "pick");
  const label = make("label", "", byId("box").labels[0].textContent);
  const field = make("input");
  field.id = label.htmlFor = "own-words";
  field.autocomplete = "off";
  const ready = button(texts.send, "", null);
  ready.type = "submit";
  form.append(label, field, ready);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (words) answer(words, words);
  });
  return form;
}

function leaveIt(question) {
  return button(texts.leave, "quiet", async () => {
    const got = await press("skip", texts.leave);
    asked = null;
    goOn(question, got);
  });
}

byId("answers-open").addEventListener("click", openAnswers);
byId("answers-close").addEventListener("click", closeAnswers);
