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
const LINKED = new RegExp([/https?:\/\/[^\s)]*[^\s).,;]/.source, /\/privacy\b/.source, ...Object.keys(links).map(escaped)].join("|"), "g");

// "911" is a number to call, but not inside of another number; a page of ours is one where a word begins.
// (Looking behind is what the pattern can't do itself: older Safaris don't know how.)
function standsAlone(text, start, found) {
  const before = text[start - 1] ?? " ";
  if (found.startsWith("http")) return true;
  if (found.startsWith("/")) return /\s/.test(before);
  return !/[\d+]/.test(before) && !/\d/.test(text[start + found.length] ?? " ");
}

// Addresses, the registry's name and the site's own phone numbers become links; everything else stays plain text.
export function fillWithLinks(element, text) {
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LINKED)) {
    if (!standsAlone(text, index, found)) continue;
    const link = make("a", "", found);
    link.href = links[found] ?? found;
    if (!link.href.startsWith("tel:")) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    element.append(text.slice(end, index), link);
    end = index + found.length;
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
