// What can be pressed or picked in answer to a message, in the chat and in the panel alike.
import { button, make, texts } from "./messages.js";
import { picker } from "./pickers.js";

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
