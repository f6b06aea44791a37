// Beside the contact form and the pages after the verdict, which work without it: the way back is never a dead page,
// and typed details stay.
import { closeOnEscape } from "./chat/frame.js";
import { CHAT, DAY, FORM, SENT, drop, read, write } from "./chat/store.js";

let erased = false;
closeOnEscape();
// The chat was erased in another window: what was typed here is not kept in this tab any longer.
addEventListener("storage", (event) => {
  if ((event.key === DAY || event.key === null) && !event.newValue) {
    erased = true;
    drop(CHAT, FORM, SENT);
  }
});

// A browser can't go back to the answer of a POST. It can go back to this address, which opens the page anew.
const at = document.querySelector("[data-page]").dataset.at ?? "/contact";
history.replaceState(null, "", at);
start(document.querySelector("[data-page]").dataset);

function start(page) {
  // Where that fails, this page stays, which leads to the chat.
  if (page.page === "reopen") reopen().catch(() => {});
  if (page.page === "form") keepWhatIsTyped(page);
  if (page.page === "sent") {
    drop(FORM);
    write(SENT, { session: page.session, reference: page.reference });
  }
}

// Came by the browser's way back: the chat of this tab has its form. It is shown in this page's place, not gone to:
// one more step in the history would turn the way back into a circle.
async function reopen() {
  const chat = read(CHAT);
  if (!chat?.session || !chat.state?.verdict) return;
  const response = await fetch(at, { method: "POST", body: new URLSearchParams({ session: chat.session }) });
  const opened = new DOMParser().parseFromString(await response.text(), "text/html");
  document.title = opened.title;
  document.body.replaceWith(opened.body);
  start(document.querySelector("[data-page]").dataset);
}

// What was typed is there again when she comes back from the chat; it stays in this tab, until it is sent or erased.
// Ticks are not kept: a consent is given anew.
function keepWhatIsTyped(page) {
  const form = document.querySelector("form[action='/contact/check']");
  const session = form.elements.session.value;
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "checkbox"].includes(field.type));
  const kept = read(FORM);
  if (kept?.session === session && page.fresh === "yes") {
    for (const field of fields) if (kept.values[field.name]) field.value = kept.values[field.name];
  }
  const keep = () => {
    if (!erased) write(FORM, { session, values: Object.fromEntries(fields.map((field) => [field.name, field.value])) });
  };
  for (const event of ["input", "change", "submit"]) form.addEventListener(event, keep);
}
