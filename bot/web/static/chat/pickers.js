// Simple ways to pick an age or a day. What is picked goes out as plain text, as if it were typed.
import { button, make, texts } from "./messages.js";

const OLDEST = 30;
const BABY_MONTHS = 23;
let count = 0;

export function picker(input, say) {
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
