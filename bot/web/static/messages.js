// Pieces of the chat window. Everything is set with textContent: nothing a family or the server says becomes markup.
export const { texts, links, longest } = JSON.parse(document.getElementById("texts").textContent);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function button(title, className, press) {
  const element = make("button", className, title);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const named = Object.keys(links).map((name) => `(?<![\\d+])${escaped(name)}(?!\\d)`);
const LINKED = new RegExp([/https?:\/\/[^\s)]*[^\s).,;]/.source, /(?<=\s)\/privacy\b/.source, ...named].join("|"), "g");

// Addresses, the registry's name and the site's own phone numbers become links; everything else stays plain text.
export function fillWithLinks(element, text) {
  let end = 0;
  for (const found of text.matchAll(LINKED)) {
    const link = make("a", "", found[0]);
    link.href = links[found[0]] ?? found[0];
    if (!link.href.startsWith("tel:")) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    element.append(text.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  element.append(text.slice(end));
}

export function messageRow(message) {
  const mine = message.from === "you";
  const row = make("div", `message ${mine ? "mine" : message.kind}${message.alarm ? " alarm" : ""}`);
  const bubble = make("div", "bubble");
  bubble.append(make("span", "away", `${mine ? texts.you : texts.bot}: `));
  fillWithLinks(bubble, message.text);
  row.append(bubble);
  return row;
}

// A message that did not arrive must not look like one that did.
export function markUnsent(row, unsent) {
  row.classList.toggle("unsent", unsent);
  row.querySelector(".unsent-note")?.remove();
  if (unsent) row.append(make("p", "unsent-note", texts.not_sent));
}

// "None of these" and "I don't know" stand alone.
const ALONE = new Set(["none", "not_sure"]);

export function tickList(offered, send) {
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
  const update = () => { ready.disabled = !boxes.some((tick) => tick.checked); };
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
