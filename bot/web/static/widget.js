// Draws a launcher on a hospital's page and opens the chat in an iframe of our own origin. The page's scripts can't
// read what is inside the iframe, and its styles can't reach into the shadow root.
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const said = (name, fallback) => script.dataset[name] || fallback;
  const openText = said("openText", "Chat about a study");
  const closeText = said("closeText", "Close the chat");
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    button { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; display: inline-flex; align-items: center;
      gap: 10px; min-height: 56px; padding: 0 22px; border: 2px solid #fff; border-radius: 999px; background: #1f6f6b;
      color: #fff; font: 600 17px/1.2 system-ui, sans-serif; cursor: pointer; box-shadow: 0 4px 20px #0004; }
    button:focus-visible { outline: 3px solid #1f6f6b; outline-offset: 3px; }
    svg { width: 24px; height: 24px; flex: none; }
    .panel { position: fixed; z-index: 2147483001; right: 16px; bottom: 88px; width: min(430px, calc(100vw - 32px));
      height: min(720px, calc(100vh - 112px)); border: 0; border-radius: 18px; overflow: hidden; background: #faf6f0;
      box-shadow: 0 10px 50px #0005; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    [hidden] { display: none; }
    @media (max-width: 520px), (max-height: 500px) {
      .panel { inset: 48px 0 0 0; width: 100%; height: auto; border-radius: 0; }
      button.open { inset: 0 0 auto 0; min-height: 48px; width: 100%; border: 0; border-radius: 0; box-shadow: none; justify-content: center; }
      button.open:focus-visible { outline-offset: -5px; outline-color: #fff; }
    }
    @media (max-height: 500px) {
      .panel { inset-block-start: 44px; }
      button.open { min-height: 44px; }
    }
    @media (max-width: 320px) { button { left: 16px; justify-content: center; padding: 0 12px; } button.open { left: 0; } }
    @media (forced-colors: active) { button.open { border: 2px solid; } }
    @media (prefers-color-scheme: dark) { .panel { background: #161b1b; } }
  `);
  root.adoptedStyleSheets = [sheet];

  const launcher = document.createElement("button");
  launcher.type = "button";
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ fill: "none", stroke: "currentColor", "stroke-width": "2.2",
    "stroke-linecap": "round", "stroke-linejoin": "round" })) line.setAttribute(name, value);
  picture.append(line);
  const label = document.createElement("span");
  launcher.append(picture, label);
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", said("title", "Chat about a study"));
  panel.hidden = true;
  root.append(panel, launcher);

  let frame = null;
  function set(open) {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.src = `${origin}/chat`;
      frame.title = said("title", "Chat about a study");
      panel.append(frame);
    }
    panel.hidden = !open;
    launcher.className = open ? "open" : "";
    launcher.setAttribute("aria-expanded", String(open));
    label.textContent = open ? closeText : openText;
    line.setAttribute("d", open ? "M6 6l12 12M18 6L6 18" : "M4 5h16v11h-9l-5 4v-4H4z");
    if (open) frame.focus();
  }
  function close() {
    set(false);
    launcher.focus();
  }
  launcher.addEventListener("click", () => (panel.hidden ? set(true) : close()));
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) close(); });
  addEventListener("message", (event) => {
    if (event.origin === origin && frame && event.source === frame.contentWindow && event.data === "prescreen-close") close();
  });
  // Links of the page may open the chat too; without this script they lead to the chat's own page.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-prescreen-open]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      set(true);
    }
  });
  set(false);
  const put = () => document.body.append(host);
  if (document.body) put(); else addEventListener("DOMContentLoaded", put);
})();
