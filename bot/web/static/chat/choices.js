// What can be pressed or picked in answer to a message, in the chat and in the panel alike.
import { button, make, texts } from "./messages.js";

const OLDEST = 30;
const BABY_MONTHS = 23;
let count = 0;
// "None of these" and "I don't know" stand alone.
const ALONE = new Set(["none", "not_sure"]);

// `act` says what happens: `say(payload, title)`, `erase()`, `change()`.
export function answerParts(message, act) {
  const parts = message.input ? picker(message.input, act.say) : [];
  const offered = message.choices ?? [];
  if (!offered.length) return parts;
  const set = make("fieldset");
  set.append(make("legend", "", message.multiple ? texts.choose_many : texts.choose_one));
  set.append(...(message.multiple ? tickList(offered, act.say) : buttons(offered, act)));
  return [...parts, set];
}

function buttons(offered, act) {
  const row = make("div", "options");
  const apart = make("div", "options apart");
  for (const { payload, title } of offered) {
    // Erasing everything can't be taken back: it stands apart and asks first, wherever it is offered.
    if (payload === "stop") apart.append(button(title, "erase", act.erase));
    else if (payload === "change" && act.change) row.append(button(title, "", act.change));
    else row.append(button(title, "", () => act.say(payload, title)));
  }
  return [row, apart].filter((options) => options.hasChildNodes());
}

function tickList(offered, send) {
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
    send(ticked.map((choice) => choice.payload).join(", "), ticked.map((choice) => choice.title).join(", "));
  });
  const update = () => {
    ready.disabled = !boxes.some((tick) => tick.checked);
    for (const tick of boxes) tick.parentElement.classList.toggle("ticked", tick.checked);
  };
  list.addEventListener("change", (event) => {
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

// Simple ways to pick an age or a day. What is picked goes out as plain text, as if it were typed.
function picker(input, say) {
  if (input.kind === "age") return [ages(say)];
  return [days(input.latest, say), agos(say)];
}

function ages(say) {
  const months = Array.from({ length: BABY_MONTHS + 1 }, (_, age) => [`${age} months`, monthsText(age)]);
  const years = Array.from({ length: OLDEST - 1 }, (_, after) => `${after + 2} years`);
  const list = make("select");
  // Years first: most are no babies.
  list.append(option("", texts.choose));
  for (const age of years) list.append(option(age, counted(texts.years, parseInt(age, 10))));
  for (const [age, title] of months) list.append(option(age, title));
  return line(texts.pick_age, list, texts.send_age, () => say(list.value, list.selectedOptions[0].textContent));
}

function monthsText(age) {
  if (age === 0) return texts.less_than_month;
  return age === 1 ? texts.month : counted(texts.months, age);
}

const counted = (text, number) => text.replace("{number}", number);

function days(latest, say) {
  const field = make("input");
  field.type = "date";
  if (latest) field.max = latest;
  return line(texts.pick_day, field, texts.send_day, () => say(field.value, dayInWords(field.value)));
}

function dayInWords(day) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  return words.format(new Date(`${day}T00:00:00Z`));
}

function agos(say) {
  const list = make("select");
  list.append(option("", texts.choose), ...texts.ago.map((ago) => option(ago, ago)));
  return line(texts.pick_ago, list, texts.send_ago, () => say(list.value, list.value));
}

function option(value, title) {
  const element = make("option", "", title);
  element.value = value;
  return element;
}

// A named field and its button, which sends only what makes sense.
function line(title, field, sendTitle, send) {
  const row = make("div", "pick");
  const label = make("label", "", title);
  const wrong = make("p", "field-error");
  count += 1;
  field.id = label.htmlFor = `pick-${count}`;
  wrong.id = `${field.id}-wrong`;
  wrong.setAttribute("role", "alert");
  field.setAttribute("aria-describedby", wrong.id);
  const ready = button(sendTitle, "", send);
  const update = () => {
    const ahead = field.validity.rangeOverflow;
    ready.disabled = !field.value || !field.validity.valid;
    wrong.textContent = ahead ? texts.day_ahead : "";
    wrong.hidden = !ahead;
    field.setAttribute("aria-invalid", String(ahead));
  };
  for (const event of ["input", "change"]) field.addEventListener(event, update);
  update();
  row.append(label, field, ready, wrong);
  return row;
}
