// Draws a launcher on a hospital's page and opens the chat in an iframe of our own origin. The page's scripts can't
// read what is inside the iframe, and its styles can't reach into the closed shadow root. docs/widget.md
(() => {
  const WORDS = new Map(Object.entries({{ words|tojson }}));
  const STYLES = {{ styles|tojson }};
  const NAME = "prescreen-widget";
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  const origin = new URL(script.src).origin;
  const wish = script.dataset;
  const language = (wish.language || "en").toLowerCase();
  const spoken = [language, language.split("-")[0], "en"].find((name) => WORDS.has(name));
  const words = WORDS.get(spoken);

  function make(tag, told, ...parts) {
    const element = Object.assign(document.createElement(tag), told);
    element.append(...parts);
    return element;
  }
  function picture(path) {
    const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }
  // Black or white, whichever is easier to read on the colour.
  function inkOn(color) {
    const [red, green, blue] = color.match(/[0-9a-f]{2}/gi).map((part) => {
      const share = parseInt(part, 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  }
  function away(path, text) {
    return make("a", { href: origin + path, target: "_blank", rel: "noopener", textContent: text });
  }

  // What makes no sense is left aside: a mistake in an attribute must not cost a family the chat.
  const given = /^#[0-9a-f]{6}$/i.test(wish.color) ? wish.color : "#1f6f6b";
  const level = /^\d{1,10}$/.test(wish.zIndex) ? Math.min(Number(wish.zIndex), 2147483647) : 2147483000;
  const label = (wish.label || "").trim().slice(0, 60) || words.open;
  const all = make("div", { className: wish.position === "left" ? "all left" : "all", lang: spoken, dir: words.dir });
  for (const [name, value] of [["--color", given], ["--ink", inkOn(given)], ["--z", level]]) all.style.setProperty(name, value);
  const launcher = make("button", { type: "button", className: "launcher" }, picture("M4 5h16v11h-9l-5 4v-4H4z"), label);
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  const leave = make("button", { type: "button", className: "close" }, picture("M6 6l12 12M18 6L6 18"), words.close);
  const opening = make("div", { className: "opening" }, make("p", { textContent: words.opening }),
    away("/chat", words.new_window), away("/plain", words.plain));
  const panel = make("dialog", { className: "panel waiting" }, leave, opening);
  panel.setAttribute("aria-label", words.frame);
  all.append(launcher, panel);

  const host = document.createElement(NAME);
  const root = host.attachShadow({ mode: "closed" });
  root.append(all);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4.
    root.prepend(make("link", { rel: "stylesheet", href: `${origin}/widget.css` }));
  }

  const covers = matchMedia("(max-width: 520px), (max-height: 500px)");
  let frame = null;
  let opener = launcher;
  function focusChat() {
    frame.focus();
    frame.contentWindow.postMessage("prescreen-focus", origin);
  }
  // Where the panel covers the page, nothing behind it can be reached: a modal dialog sees to that.
  function put() {
    if (covers.matches) panel.showModal(); else panel.show();
    if (!panel.classList.contains("waiting")) focusChat();
  }
  function open(from) {
    if (panel.open) return;
    // A browser without dialogs gets the chat as a page.
    if (!panel.show) return location.assign(`${origin}/chat`);
    opener = from;
    if (!frame) panel.append(frame = make("iframe", { src: `${origin}/chat`, title: words.frame }));
    launcher.setAttribute("aria-expanded", "true");
    put();
  }
  function close() {
    if (panel.open) panel.close();
    opener.focus();
  }
  launcher.addEventListener("click", () => (panel.open ? close() : open(launcher)));
  leave.addEventListener("click", close);
  panel.addEventListener("cancel", close);
  panel.addEventListener("close", () => launcher.setAttribute("aria-expanded", String(panel.open)));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) close(); });
  covers.addEventListener("change", () => {
    if (!panel.open) return;
    panel.close();
    put();
  });
  addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    if (event.data === "prescreen-close") close();
    if (event.data === "prescreen-ready" && panel.classList.contains("waiting")) {
      panel.classList.remove("waiting");
      if (root.activeElement) focusChat();
    }
  });
  // Links of the page may open the chat too; without this script they lead to the chat's own page.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-prescreen-open]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && host.isConnected) {
      event.preventDefault();
      open(link);
    }
  });
  // Beside the body: what a page does to its body does not reach it. Included twice, it is there once.
  function join() {
    if (!document.querySelector(NAME)) document.documentElement.append(host);
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", join); else join();
})();
