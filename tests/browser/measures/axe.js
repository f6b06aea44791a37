// Everything axe-core knows of WCAG 2.0 to 2.2, levels A and AA, and its best practices, in this frame and those in
// it. `only` names the rules to run; null runs all. What axe can't decide counts like what it finds wrong, but for the
// contrast of what lies over something else.
async (only) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const runOnly = only ? { type: "rule", values: only } : { type: "tag", values: tags };
  const { violations, incomplete } = await axe.run(document, { runOnly, resultTypes: ["violations", "incomplete"] });
  const undecided = incomplete.filter((rule) => rule.id !== "color-contrast");
  return [...violations, ...undecided].flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${(node.failureSummary ?? "").replace(/\s+/g, " ")}`));
}
