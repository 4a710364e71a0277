// The sheet: a window of its own that shows a secret once. Its web process dies with it.

/** @import { PanelState, SheetState } from "../../tests/ui/types/page.js" */

import "./elements/code-field.js";
import "./elements/modal-dialog.js";
import "./elements/secret-text.js";
import { listen, toRefusal } from "./bridge.js";
import { readCatalogue } from "./catalogue.js";
import { closeSheet, copySheet, lock, noteSheetPrinted, printSheet, readBack, readSheet, saveSheetAsPdf, saveSheetAsText, saveSheetEncrypted, stopWork, touch, verifyOnSheet } from "./commands.js";
import { clearSecrets, focusKey, redraw } from "./dom.js";
import { onLife, onLockKey } from "./life.js";
import { watching } from "./parts/progress.js";
import { unsaved } from "./sheets/backup-codes.js";
import { sheets } from "./sheets/index.js";
import { createStore } from "./store.js";
import { makeWords } from "./words.js";

const [first, en, fr] = await Promise.all([readSheet({}).catch(toRefusal), readCatalogue("en"), readCatalogue("fr")]);
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const dialog = /** @type {import("./elements/modal-dialog.js").ModalDialog} */ (document.getElementById("dialog"));
const shown = "kind" in first ? first : null;
const language = shown?.language ?? "en";

/** @type {PanelState} */
const fresh = { name: "sheet", id: null, refusal: "kind" in first ? null : first, busy: false, data: { active: false, done: null, work: null, back: null, named: false } };
/** @type {SheetState} */
const initial = { words: makeWords(language, { en, fr }[language]), sheet: shown, dialog: null, panel: fresh };
const store = createStore(initial);

/** @param {Partial<PanelState>} change */
const set = (change) => store.set({ panel: { ...store.get().panel, ...change } });

/** @param {Partial<PanelState["data"]>} data */
const patch = (data) => set({ data: { ...store.get().panel.data, ...data } });

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | null>}
 */
async function act(work) {
  if (store.get().panel.busy) return null;
  set({ busy: true, refusal: null });
  try {
    const reply = await work();
    set({ busy: false });
    return reply;
  } catch (reason) {
    set({ busy: false, refusal: toRefusal(reason) });
    const field = document.querySelector("input[aria-invalid=true]");
    if (field instanceof HTMLInputElement) field.select();
    return null;
  }
}

/** @param {import("../../tests/ui/types/page.js").Done["how"]} how @param {() => Promise<import("../../tests/ui/types/wire.js").Kept>} work */
async function keep(how, work) {
  // A new recovery kit comes to count once it was kept: the vault gets a new key, and that can take a while.
  const reply = await watching((now) => patch({ work: now }), () => act(work));
  const { sheet } = store.get();
  if (!reply?.kept || !sheet) return false;
  store.set({ sheet: { ...sheet, saved: true } });
  set({ data: { ...store.get().panel.data, done: { how, file: reply.file } } });
  return true;
}

/** The place of the symbol that the caller of a drill reads wrong, from 0. */
function misread() {
  const { reading } = store.get().sheet ?? {};
  const [first = [], then = []] = [reading?.first, reading?.then].map((text) => [...(text ?? "").replaceAll("-", "")]);
  return first.findIndex((symbol, place) => symbol !== then[place]);
}

/** What has the focus again once a dialog is gone. */
const OPENERS = Object.freeze({ asking: "sheet.done", encrypt: "sheet.encrypt", printed: "sheet.print" });

/** @type {import("../../tests/ui/types/page.js").SheetHandlers} */
const on = {
  copy: () => void keep("copied", () => copySheet({})),
  saveText: () => void keep("text", () => saveSheetAsText({})),
  savePdf: () => void keep(["recovery", "password"].includes(store.get().sheet?.kind ?? "") ? "letter" : "pdf", () => saveSheetAsPdf({})),
  stop: () => void stopWork({}).catch(toRefusal),
  async print() {
    if (!(await act(() => printSheet({})))?.kept) return;
    // Nothing counts a letter as kept: it is handed over.
    if (store.get().sheet?.kind === "letter") patch({ done: { how: "printed", file: null } });
    else ask("printed");
  },
  async notePrinted() {
    if (await keep("printed", async () => ({ ...(await noteSheetPrinted({})), kept: true, file: null }))) on.stay();
  },
  encrypt: () => ask("encrypt"),
  async saveEncrypted({ passphrase = "" }) {
    if (await keep("encrypted", () => saveSheetEncrypted({ passphrase }))) on.stay();
  },
  async verify({ code = "" }) {
    const after = await act(async () => {
      await verifyOnSheet({ code });
      return readSheet({});
    });
    if (!after) return;
    clearSecrets(main);
    store.set({ sheet: after });
    set({ data: { ...store.get().panel.data, active: true } });
    begin();
  },
  /** A reply that later typing has overtaken is dropped. */
  async readBack({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    const heard = target.value;
    const back = heard.trim() === "" ? null : await readBack({ heard }).catch(() => null);
    // By now another input may stand in its place.
    const now = document.getElementById(target.id);
    if (!(now instanceof HTMLInputElement) || now.value !== heard) return;
    const { named } = store.get().panel.data;
    patch({ back, named: named || (back !== null && back.group !== null && back.right === misread()) });
  },
  done() {
    if (!unsaved(store.get())) return on.closeAnyway();
    ask("asking");
  },
  stay() {
    const opener = OPENERS[store.get().dialog ?? "asking"];
    clearSecrets(dialog);
    dialog.close();
    store.set({ dialog: null });
    set({ refusal: null });
    focusKey(main, opener);
  },
  closeAnyway: () => void act(() => closeSheet({})),
};

/** @param {NonNullable<SheetState["dialog"]>} name */
function ask(name) {
  if (store.get().dialog === name) return;
  set({ refusal: null });
  store.set({ dialog: name });
  dialog.open();
}

function begin() {
  const field = main.querySelector("[data-first]") ?? main.querySelector("h1");
  if (field instanceof HTMLElement) field.focus({ preventScroll: true });
}

/** @param {Readonly<SheetState>} state */
function draw(state) {
  const sheet = state.sheet ? sheets[state.sheet.kind] : sheets.nothing;
  redraw(main, sheet(state, on));
  if (state.dialog) redraw(dialog.body(), sheets[state.dialog](state, on));
}

document.documentElement.lang = language;
document.documentElement.dataset["theme"] = shown?.theme ?? "system";
document.title = initial.words.t("app.title");
store.watch(draw);
dialog.addEventListener("dismissed", () => on.stay());
addEventListener("keydown", (event) => event.key === "Escape" && !store.get().dialog && store.get().sheet?.kind !== "enrolment" && on.done());
onLife(() => void touch({}).catch(toRefusal));
onLockKey(() => void lock({}).catch(toRefusal));
draw(store.get());
begin();
void listen("sheet-close-requested", () => on.done());
