// Helpers of the measurements, there before any script of a page.
window.measures = (() => {
  const above = (it) => it.parentElement ?? it.getRootNode().host ?? null;
  // Words for screen readers alone are clipped away; a closed part of a page keeps its boxes, but not their sight.
  const hiddenForEyes = (it) => {
    for (let up = it; up; up = above(up)) if (getComputedStyle(up).clipPath === "inset(50%)") return true;
    return !it.checkVisibility({ visibilityProperty: true });
  };
  // Of a page with an open modal dialog, the dialog alone can be used.
  const roots = () => {
    const shadows = [...document.querySelectorAll("*")].map((it) => it.shadowRoot).filter(Boolean);
    const modal = [document, ...shadows].map((root) => root.querySelector("dialog:modal")).find(Boolean);
    return modal ? [modal] : [document.body, ...shadows];
  };
  const all = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
  const shown = (it) => {
    const box = it.getBoundingClientRect();
    // A link to skip to the content waits beside the window until it has the focus.
    return it.getClientRects().length > 0 && box.width > 0 && box.right > 0 && !hiddenForEyes(it);
  };
  const named = (it) => `${it.tagName.toLowerCase()}${it.id ? `#${it.id}` : ""}${it.className ? `.${String(it.className).trim().replaceAll(" ", ".")}` : ""} "${(it.innerText ?? it.value ?? "").trim().replace(/\s+/g, " ").slice(0, 50)}"`;
  const PRESSED = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  return { above, all, shown, named, PRESSED };
})();
