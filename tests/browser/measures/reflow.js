// What does not fit: scrolls sideways, is cut off, lies over something else, or can't be reached by a finger.
() => {
  const { above, all, shown, named, PRESSED } = measures;
  const wrong = [];
  const note = (what, it) => wrong.push(`${what}: ${named(it)}`);
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) wrong.push(`the page is ${page.scrollWidth - page.clientWidth} px too wide`);
  // What is held in place, such as the chat's window, must have nothing to scroll to: the focus would take it away.
  if (getComputedStyle(document.body).overflowY === "hidden" && page.scrollHeight > innerHeight + 1) {
    wrong.push(`the window can be scrolled ${page.scrollHeight - innerHeight} px out of sight`);
  }
  const everything = [document.body, ...all("*")].filter((it) => it instanceof HTMLElement && shown(it));

  for (const it of everything) {
    const style = getComputedStyle(it);
    const box = it.getBoundingClientRect();
    // A field scrolls a long value inside itself.
    if (!it.matches("input, select, iframe") && style.overflowX !== "visible" && it.scrollWidth > it.clientWidth + 1) note("wider than its frame", it);
    if (["hidden", "clip"].includes(style.overflowY) && it.scrollHeight > it.clientHeight + 1) note("cut off below", it);
    const says = [...it.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if ((says || it.matches(PRESSED)) && (box.left < -1 || box.right > innerWidth + 1)) note("out of the window", it);
  }

  // What scrolls by itself or floats over the page is a layer of its own.
  const layer = (it) => {
    for (let up = it; up; up = above(up)) {
      const style = getComputedStyle(up);
      if (up !== it && /auto|scroll/.test(style.overflowY) || ["fixed", "sticky"].includes(style.position)) return up;
    }
    return null;
  };
  const lines = everything.flatMap((it) => [...it.childNodes].flatMap((node) => {
    if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].map((box) => ({ box, node, it, within: layer(it) }));
  })).sort((one, other) => one.box.top - other.box.top);
  lines.forEach(({ box, node, it, within }, number) => {
    for (const other of lines.slice(number + 1)) {
      if (other.box.top >= box.bottom) break;
      const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const high = Math.min(box.bottom, other.box.bottom) - other.box.top;
      // Letters reach a little beyond their line.
      if (node !== other.node && within === other.within && wide > 2 && high > 0.3 * Math.min(box.height, other.box.height)) {
        wrong.push(`text over text: ${named(it)} and ${named(other.it)}`);
      }
    }
  });

  for (const it of all(PRESSED).filter((one) => shown(one) && !one.disabled)) {
    it.scrollIntoView({ block: "center", behavior: "instant" });
    const boxes = [...it.getClientRects()];
    const reached = boxes.some((box) => {
      const hit = it.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      // Over the host's page the widget may lie, whose close button is within reach.
      return hit && (it.contains(hit) || hit.contains(it) || hit.shadowRoot || [...(it.labels ?? [])].some((label) => label.contains(hit)));
    });
    if (!reached) note("out of reach", it);
  }
  return [...new Set(wrong)];
}
