// Runs in the page as the body of a function; returns what is wrong, a sentence each.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const root = document.documentElement;

// A colour on its way from one to another is neither.
const settle = () => document.getAnimations().forEach((animation) => animation.effect?.getTiming().iterations === Infinity || animation.finish());
const told = (theme, { violations }) => violations.flatMap(({ id, help, nodes }) =>
  nodes.map(({ target, html, any }) => `${id} (${theme}): ${help}: ${target.join(" ")} ${html.slice(0, 160)} ${any[0]?.message ?? ""}`));

// What sticks out sideways makes a person scroll two ways.
const wide = [root, ...document.querySelectorAll(".main, .dialog-body, .rail-entries, .sheet-body")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .map((element) => `wider than its place: ${element.localName}.${element.className}`);
const cut = [...document.querySelectorAll("button, h1, h2, .chip, label, .field-error")]
  .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1 && !element.querySelector(".clip, .person"))
  .map((element) => `cut off: ${element.localName} “${element.textContent.trim().slice(0, 60)}”`);

// An element whose middle axe cannot place, under a fold of a fold, ends its look at all the others: it is looked at without.
const contrast = async () => {
  const lost = [];
  for (;;) {
    const context = lost.length === 0 ? document : { exclude: lost };
    const found = await axe.run(context, { runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"] });
    const next = found.incomplete.flatMap(({ nodes }) => nodes).filter(({ any }) => any.length === 0).map(({ target }) => target);
    if (found.passes.length > 0 || next.length === 0 || lost.length >= 20) return found;
    lost.push(...next);
  }
};

return (async () => {
  const asked = root.dataset.theme;
  const other = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
  // What is in the top layer lies above all else; axe goes by the order that styles give.
  const above = [...document.querySelectorAll("dialog[open]")];
  for (const dialog of above) dialog.style.zIndex = "1000";
  settle();
  const here = await axe.run(document, { runOnly: TAGS, resultTypes: ["violations"] });
  const missed = here.passes.some(({ id }) => id === "color-contrast") ? { violations: [] } : await contrast();
  root.dataset.theme = other;
  settle();
  let there = await contrast();
  // Drawn anew in between, it has nothing of which axe could be sure; on a busy computer that may be so more than once.
  for (let again = 0; there.passes.length === 0 && again < 5; again += 1) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    settle();
    there = await contrast();
  }
  root.dataset.theme = asked;
  for (const dialog of above) dialog.style.zIndex = "";
  settle();
  // An axe that passed nothing saw nothing.
  const blind = here.passes.length < 10 || there.passes.length === 0 ? [`axe saw nothing: ${here.passes.length}, ${there.passes.length}`] : [];
  return [...blind, ...wide, ...cut, ...told("as shown", here), ...told("as shown", missed), ...told(other, there)];
})();
