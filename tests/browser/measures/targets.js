// What is too small to press: 24 CSS px is WCAG 2.2's least, and 44 our own for whatever looks like a button.
() => {
  const { all, shown, named, PRESSED } = measures;
  const OURS = "button, .button, summary, select, textarea, input:not([type=checkbox], [type=hidden])";
  const inASentence = (it) => it.matches("a") && getComputedStyle(it).display === "inline"
    && [...it.parentElement.childNodes].some((node) => node !== it && node.textContent.trim());
  return all(PRESSED).filter((it) => shown(it) && !inASentence(it)).flatMap((it) => {
    // A box is ticked by its label too, where that surrounds it.
    const box = (it.closest("label") ?? it).getBoundingClientRect();
    const least = it.matches(OURS) ? 44 : 24;
    return Math.min(box.width, box.height) < least - 0.5 ? [`${Math.round(box.width)} x ${Math.round(box.height)}: ${named(it)}`] : [];
  });
}
