// Runs in the page as the body of a function: arguments[0] is a target, or null to list what can be seen.
const SELECTORS = {
  button: "button, input[type=button], input[type=submit], input[type=reset], summary",
  link: "a[href]",
  textbox: "input:not([type]), input[type=text], input[type=email], input[type=password], input[type=tel], input[type=url], textarea",
  searchbox: "input[type=search]",
  spinbutton: "input[type=number]",
  combobox: "select",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  option: "option",
  heading: "h1, h2, h3, h4, h5, h6",
  dialog: "dialog",
  row: "tr",
  cell: "td",
  columnheader: "th",
  table: "table",
  listitem: "li",
  list: "ul, ol",
  img: "img, svg",
  navigation: "nav",
  main: "main",
  group: "fieldset",
  status: "output",
  progressbar: "progress",
};
// What a person calls by one word may have several roles.
const ALSO = { textbox: ["searchbox"], row: [], cell: ["gridcell"], dialog: ["alertdialog"], checkbox: ["switch"], table: ["grid"], img: ["image"] };
const FROM_CONTENT = ["button", "link", "heading", "menuitem", "menuitemradio", "menuitemcheckbox", "tab", "option", "row", "cell", "gridcell", "columnheader", "rowheader", "listitem", "switch", "checkbox", "radio", "status", "alert", "treeitem"];

const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();

function* walk(root) {
  for (const child of root.children ?? []) {
    yield child;
    if (child.shadowRoot) yield* walk(child.shadowRoot);
    yield* walk(child);
  }
}

function roleOf(el) {
  const said = el.getAttribute("role");
  if (said) return said.split(" ")[0];
  for (const [role, selector] of Object.entries(SELECTORS)) if (el.matches(selector)) return role;
  return "";
}

function hiddenFromAll(el) {
  for (let at = el; at; at = at.parentElement ?? at.getRootNode().host ?? null) {
    if (at.getAttribute("aria-hidden") === "true" || at.inert) return true;
  }
  return false;
}

function visible(el) {
  if (el.matches("option")) return visible(el.closest("select"));
  if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  if (![...el.getClientRects()].some((box) => box.width > 1 && box.height > 1)) return false;
  return !hiddenFromAll(el);
}

function contentOf(node, top) {
  let text = "";
  const children = node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes;
  for (const child of children) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data;
    if (child.nodeType !== Node.ELEMENT_NODE || child === top) continue;
    if (child.getAttribute("aria-hidden") === "true" || child.hidden || child.matches("script, style, template")) continue;
    const label = child.getAttribute("aria-label") ?? child.getAttribute("alt");
    if (label) text += ` ${label} `;
    else if (child.localName === "slot") for (const given of child.assignedNodes()) text += given.nodeType === Node.TEXT_NODE ? given.data : contentOf(given, top);
    else if (child.matches("input, select, textarea")) text += " ";
    else if (child.localName === "svg") text += tidy(child.querySelector("title")?.textContent);
    else text += getComputedStyle(child).display.startsWith("inline") ? contentOf(child, top) : ` ${contentOf(child, top)} `;
  }
  return text;
}

function nameOf(el, role) {
  const ids = el.getAttribute("aria-labelledby");
  if (ids) return tidy(ids.split(/\s+/).map((id) => contentOf(el.getRootNode().getElementById(id) ?? {childNodes: []}, null)).join(" "));
  if (el.hasAttribute("aria-label")) return tidy(el.getAttribute("aria-label"));
  if (el.labels?.length) return tidy([...el.labels].map((label) => contentOf(label, el)).join(" "));
  if (el.matches("input[type=submit], input[type=button], input[type=reset]")) return tidy(el.value);
  const own = { img: ":scope > title", group: ":scope > legend", table: ":scope > caption" }[role];
  const inner = own && el.querySelector(own);
  if (inner) return tidy(inner.textContent);
  if (el.hasAttribute("alt")) return tidy(el.getAttribute("alt"));
  const content = FROM_CONTENT.includes(role) ? tidy(contentOf(el, null)) : "";
  return content || tidy(el.getAttribute("title") ?? el.getAttribute("placeholder"));
}

// Messages are seen beside an open dialog too.
const messages = () => [...walk(document.body)].filter((el) => ["status", "alert"].includes(roleOf(el)));

function topDialog() {
  const open = [...walk(document)].filter((el) => el.matches("dialog[open]") && el.matches(":modal"));
  return open.at(-1) ?? null;
}

function find(target, root) {
  if (["status", "alert"].includes(target.role)) root = document.body;
  const roots = target.within ? find(target.within, root) : [root];
  const roles = [target.role, ...(ALSO[target.role] ?? [])];
  const wanted = target.name === null ? null : tidy(target.name);
  const found = [];
  for (const from of roots) {
    const all = [...(from === root ? [root] : []), ...walk(from.shadowRoot ?? []), ...walk(from)];
    for (const el of all) {
      const role = roleOf(el);
      if (!roles.includes(role) || !visible(el)) continue;
      if (wanted !== null) {
        const name = nameOf(el, role);
        if (target.part ? !name.includes(wanted) : name !== wanted) continue;
      }
      if (!found.includes(el)) found.push(el);
    }
  }
  return found;
}

const scope = topDialog() ?? document.body;
const [target] = arguments;
if (target) {
  return find(target, scope).map((element) => ({
    element,
    text: element.innerText ?? element.textContent,
    value: element.value === undefined ? null : String(element.value),
    checked: element.checked === true || element.getAttribute("aria-checked") === "true",
    enabled: !element.matches(":disabled") && element.getAttribute("aria-disabled") !== "true",
  }));
}
const seen = [];
for (const el of walk(scope)) {
  const role = roleOf(el);
  if (!role || ["cell", "columnheader", "option", "listitem", "list", "gridcell"].includes(role) || !visible(el)) continue;
  seen.push(`${role} “${nameOf(el, role).slice(0, 60)}”${el.matches(":disabled") ? " (disabled)" : ""}`);
}
const beside = messages().filter((el) => !scope.contains(el) && visible(el));
const shadows = [...walk(scope)].filter((el) => el.shadowRoot && visible(el)).flatMap((el) => [...el.shadowRoot.children]);
return { seen: seen.slice(0, 60), text: [scope, ...shadows, ...beside].map((el) => el.innerText ?? "").join("\n") };
