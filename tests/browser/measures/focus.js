// Where the focus is: what it is called, whether one sees it there, and where that is on the page.
() => {
  const { above, named } = measures;
  let it = document.activeElement;
  while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
  if (!it || it === document.body) return null;

  const parts = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const style = getComputedStyle(it);
  // A ring inside the edge lies on the thing itself, one outside on what is around it.
  let ground = parseFloat(style.outlineOffset) < 0 ? it : above(it);
  while (ground && parts(getComputedStyle(ground).backgroundColor)[3] === 0) ground = above(ground);
  const behind = ground ? getComputedStyle(ground).backgroundColor : "rgb(255, 255, 255)";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ? contrast(style.outlineColor, behind) : 0;

  // What scrolls by itself or floats has an order of its own.
  let layer = it;
  for (let up = it; up; up = above(up)) {
    layer = up;
    const { overflowY, position } = getComputedStyle(up);
    if (up !== it && /auto|scroll/.test(overflowY) || ["absolute", "fixed", "sticky"].includes(position)) break;
  }
  const box = it.getBoundingClientRect();
  const hits = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8]].map(([x, y]) =>
    it.getRootNode().elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  const text = (other) => other.textContent.trim().replace(/\s+/g, " ");
  const labels = [...(it.labels ?? [])].map(text).join(" ");
  return {
    frame: it.tagName === "IFRAME",
    name: it.getAttribute("aria-label") ?? (labels || text(it) || it.value || ""),
    told: named(it),
    ring,
    // A part of it must not be under something else; a line of text in a narrow box has corners without text.
    seen: hits.some((hit) => hit && (it.contains(hit) || hit.contains(it))) && box.bottom > 0 && box.top < innerHeight,
    number: [...it.getRootNode().querySelectorAll("*")].indexOf(it),
    layer: `${it.getRootNode().nodeName} ${layer.tagName}#${layer.id}`,
    top: box.top + layer.scrollTop, left: box.left, right: box.right,
  };
}
