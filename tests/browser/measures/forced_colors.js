// What could not be told from text where the system takes all backgrounds away: a button needs an edge.
() => {
  const { all, shown, named } = measures;
  return all("button, .button").filter(shown).filter((it) => {
    const style = getComputedStyle(it);
    return ["Top", "Right", "Bottom", "Left"].every((side) => style[`border${side}Style`] === "none" || style[`border${side}Width`] === "0px");
  }).map(named);
}
