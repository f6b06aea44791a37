// Notes what a screen reader is told without asking: additions to logs, and alerts and states that appear or change.
// `announced` holds them in order, as "role: words".
window.announced = [];
addEventListener("DOMContentLoaded", () => {
  const LIVE = "[role=log], [role=status], [role=alert], [aria-live]";
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.hidden || node.getAttribute("aria-hidden") === "true") return "";
    const inner = node.getAttribute("aria-label") ?? [...node.childNodes].map(words).join("");
    return node.matches("p, div, li, button") ? ` ${inner} ` : inner;
  };
  const region = (node) => {
    const it = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(LIVE);
    return it && it.getAttribute("aria-live") !== "off" && it.checkVisibility() ? it : null;
  };
  new MutationObserver((changes) => {
    const told = new Map();
    for (const { type, target, addedNodes } of changes) {
      const it = region(target);
      if (!it) continue;
      const role = it.getAttribute("role") ?? "live";
      if (role === "log") {
        for (const node of type === "childList" ? addedNodes : []) if (node.isConnected) told.set(node, [role, node]);
      } else if (type !== "attributes" || target === it) told.set(it, [role, it]);
    }
    for (const [role, node] of told.values()) {
      const said = words(node).replace(/\s+/g, " ").trim();
      if (said) announced.push(`${role}: ${said}`);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["hidden"] });
});
