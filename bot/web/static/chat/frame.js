// Inside the widget: its frame and the page around it are told only that the chat is there, and that it is to close.
const framed = parent !== window;

export function tellWidget(word) {
  if (framed) parent.postMessage(`prescreen-${word}`, "*");
}

// The widget closes on Escape, which its frame alone hears while the focus is in it.
export function closeOnEscape() {
  addEventListener("keydown", (event) => {
    const inDialog = document.querySelector("dialog[open]");
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && !inDialog) tellWidget("close");
  });
}

// The widget was opened: the focus goes where reading goes on.
export function whenOpened(focus) {
  addEventListener("message", (event) => {
    if (framed && event.source === parent && event.data === "prescreen-focus") focus();
  });
  tellWidget("ready");
}
