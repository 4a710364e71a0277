// The main window's loop: situation → screen → regions. Screens and dialogs reach it only through `App`.

/** @import { App, Catalogue, DialogName, PanelHandle, PanelState, ScreenName, State } from "../../tests/ui/types/page.js" */
/** @import { Language, Situation } from "../../tests/ui/types/wire.js" */

import { lookAtMail, lookAtOffline, readAccount } from "./account.js";
import { listen, toRefusal } from "./bridge.js";
import { lock, quit, readSituation, setPreferences, touch } from "./commands.js";
import { dialogs } from "./dialogs/index.js";
import { clearSecrets, focusKey, focusRefused, redraw } from "./dom.js";
import { onLife } from "./life.js";
import { paced } from "./pace.js";
import { isInside, readHash, route, writeHash } from "./route.js";
import { screens } from "./screens/index.js";
import { onPress } from "./press.js";
import { prove } from "./prove.js";
import { banners } from "./parts/banners.js";
import { drillStrip, leaveDrill } from "./parts/drill.js";
import { gateFoot, gateHead } from "./parts/gate.js";
import { followsLink, tellAges, withNeeds } from "./parts/place.js";
import { rail } from "./parts/rail.js";
import { waiting } from "./parts/waiting.js";
import { isOpen, onShortcut } from "./shortcuts.js";
import { createStore } from "./store.js";
import { staysForEdits } from "./unsaved.js";
import { createToasts } from "./toasts.js";
import { makeWords } from "./words.js";

/** Refusals after which the window is no longer where it was. */
const ELSEWHERE = new Set(["session-ended", "session-idle", "session-stage", "no-workspace"]);

/** An outbox that is being emptied is not looked at more often than this, in milliseconds. */
const MAIL_RESTS = 1_000;

/**
 * @param {Situation} situation
 * @param {Record<Language, Catalogue>} catalogues
 */
export function startApp(situation, catalogues) {
  const regions = {
    rail: part("rail"),
    main: part("main"),
    waiting: part("waiting"),
    dialog: /** @type {import("./elements/modal-dialog.js").ModalDialog} */ (part("dialog")),
    toasts: /** @type {import("./elements/toast-list.js").ToastList} */ (part("toasts")),
  };
  /** @type {State} */
  const initial = {
    situation,
    words: makeWords(situation.language, catalogues[situation.language]),
    told: situation.told,
    account: null,
    screen: panel("start", null, {}),
    dialog: null,
    toasts: [],
  };
  const store = createStore(initial);
  const toasts = createToasts(store);
  /** Navigations, redraws held back and where the focus was; nothing of it is shown. */
  const course = { turn: 0, astray: false, composing: false, missed: /** @type {Readonly<State> | null} */ (null), opener: "", left: "" };

  /** @type {App} */
  const app = {
    state: store.get,
    go(name, id = null) {
      const hash = writeHash(name, id);
      if (location.hash === hash) void arrive();
      else location.hash = hash;
    },
    back: () => history.back(),
    ask(name, data = {}) {
      course.opener = focused();
      store.set({ dialog: panel(name, null, { ...dialogs[name].load(app, null), ...data }) });
      regions.dialog.open();
      dialogs[name].opened?.(dialogs[name].on(app, dialogHandle));
    },
    closeDialog() {
      clearSecrets(regions.dialog);
      regions.dialog.close();
      store.set({ dialog: null });
      focusKey(document.body, course.opener);
      toasts.uncovered();
    },
    say: (key, values = {}) => toasts.say(store.get().words.t(key, values)),
    tell: (text) => toasts.tell(text),
    async refresh() {
      const next = await readSituation({});
      if (next.sheet === null) await toasts.receive(toasts.last());
      // Only now: of two refreshes at once, one finds the sheet gone.
      const before = store.get();
      take(next);
      await arrive();
      if (before.situation.sheet === "enrolment") sayAdded(before.account?.factor?.authenticators.length ?? 0);
    },
    reload: () => arrive(true),
    async setPreferences(change) {
      const { language, theme, idleMinutes } = store.get().situation;
      const preferences = { language, theme, idleMinutes, ...change };
      await setPreferences(preferences);
      take({ ...store.get().situation, ...preferences });
      await arrive(true);
    },
  };

  /**
   * A new situation: what no longer belongs to it is put away.
   * @param {Situation} next
   */
  function take(next) {
    const { situation: before, words, told } = store.get();
    const samePerson = before.open?.me?.person.id === next.open?.me?.person.id && isInside(before) === isInside(next);
    if (!samePerson && store.get().dialog) app.closeDialog();
    store.set({
      situation: next,
      words: words.language === next.language ? words : makeWords(next.language, catalogues[next.language]),
      told: next.told ?? (samePerson ? told : null),
      account: samePerson ? store.get().account : null,
    });
    wait(next.sheet !== null);
    document.documentElement.lang = next.language;
    document.documentElement.dataset["theme"] = next.theme;
  }

  /** The sheet is gone: was the authenticator on it verified? With backup codes the sheet itself says so. @param {number} before */
  function sayAdded(before) {
    const { situation: now, account } = store.get();
    if (!now.sheet && (account?.factor?.authenticators.length ?? 0) > before) app.say(before > 0 ? "factor.added.done" : "factor.nowActive");
  }

  /**
   * Goes where the situation and the hash lead, unless a later turn overtakes.
   * @param {boolean} [stay] keeps the focus and what is typed
   */
  async function arrive(stay = false) {
    const turn = (course.turn += 1);
    const wanted = route(store.get().situation, location.hash);
    const fresh = readHash(location.hash).name !== wanted.name;
    if (writeHash(wanted.name, wanted.id) !== location.hash) {
      history.replaceState(null, "", writeHash(wanted.name, wanted.id));
    }
    const before = store.get().screen;
    try {
      const inside = isInside(store.get().situation);
      const [data, account] = await Promise.all([screens[wanted.name].load(app, wanted.id), inside ? readAccount(store.get().situation) : null]);
      if (turn !== course.turn) return;
      course.astray = false;
      store.set({ account, screen: panel(wanted.name, wanted.id, data) });
      if (account && !account.factor && fresh && before.name !== "locked") return app.go("protect");
      if (account?.factor && wanted.name === "protect") return app.go("profile");
    } catch (reason) {
      if (turn !== course.turn) return;
      const refusal = toRefusal(reason);
      if (ELSEWHERE.has(refusal.code) && !course.astray) {
        course.astray = true;
        return void app.refresh();
      }
      store.set({ screen: { ...panel(wanted.name, wanted.id, null), refusal } });
    }
    if (!stay && (before.name !== wanted.name || before.id !== wanted.id)) settle();
  }

  /** The other window has the floor, or gives it back. @param {boolean} waits */
  function wait(waits) {
    if (waits === regions.main.inert) return;
    if (waits) course.left = focused();
    regions.main.inert = regions.rail.inert = waits;
    if (!waits && !focusKey(document.body, course.left)) settle();
  }

  /** Puts the focus where a person starts on a new screen. */
  function settle() {
    regions.main.scrollTop = 0;
    const first = regions.main.querySelector("[data-first]") ?? regions.main.querySelector("h1");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  }

  /**
   * @template D
   * @param {"screen" | "dialog"} slot
   * @returns {PanelHandle<D>}
   */
  function handle(slot) {
    const read = () => /** @type {PanelState} */ (store.get()[slot] ?? panel("gone", null, {}));
    /** @param {Partial<PanelState>} change @param {string} name */
    const set = (change, name) => {
      const now = store.get()[slot];
      if (now && now.name === name) store.set({ [slot]: { ...now, ...change } });
    };
    return {
      read,
      patch: (data) => set({ data: { ...read().data, ...data } }, read().name),
      async act(work) {
        const { name, busy } = read();
        if (busy) return false;
        set({ busy: true, refusal: null }, name);
        const since = toasts.last();
        try {
          await work();
          await toasts.receive(since);
          clearSecrets(slot === "dialog" ? regions.dialog : regions.main);
          set({ busy: false }, name);
          return true;
        } catch (reason) {
          const refusal = toRefusal(reason);
          set({ busy: false, refusal }, name);
          if (ELSEWHERE.has(refusal.code)) void app.refresh();
          else setTimeout(() => focusRefused(slot === "dialog" ? regions.dialog : regions.main));
          return false;
        }
      },
    };
  }

  const screenHandle = handle("screen");
  const dialogHandle = handle("dialog");

  /** @param {Readonly<State>} state @param {Readonly<State>} [before] */
  function draw(state, before) {
    if (course.composing) return;
    if (pressing()) return void (course.missed ??= before ?? initial);
    const since = before && (course.missed ?? before);
    course.missed = null;
    const changed = (/** @type {string[]} */ keys) => !since || keys.some((key) => Reflect.get(state, key) !== Reflect.get(since, key));
    if (changed(["situation", "words", "screen", "account", "told"])) {
      const inside = isInside(state.situation);
      document.body.classList.toggle("inside", inside);
      document.title = state.words.t("app.title");
      redraw(regions.rail, inside ? rail(state, app) : []);
      redraw(regions.main, inside ? [drillStrip(state, app), banners(state, app), content(state)] : [drillStrip(state, app), gateHead(state, app), content(state), gateFoot(state, app)]);
    }
    if (changed(["situation", "words"])) redraw(regions.waiting, [waiting(state)]);
    if (changed(["dialog", "words", "situation", "account"]) && state.dialog) {
      const dialog = dialogs[/** @type {DialogName} */ (state.dialog.name)];
      redraw(regions.dialog.body(), withNeeds(state, state.dialog.name, dialog.view(state, state.dialog, dialog.on(app, dialogHandle))));
    }
    if (changed(["toasts"])) regions.toasts.show(state.toasts, state.words, (index) => void prove(app, index).catch(() => app.refresh()));
  }

  /** @param {Readonly<State>} state */
  function content(state) {
    const screen = screens[/** @type {ScreenName} */ (state.screen.name)];
    if (state.screen.data === null) return screens.trouble.view(state, state.screen, screens.trouble.on(app, screenHandle));
    return screen.view(state, state.screen, screen.on(app, screenHandle));
  }

  const pressing = onPress(() => course.missed && draw(store.get(), course.missed));
  store.watch(draw);
  take(situation);
  addEventListener("hashchange", () => {
    if (staysForEdits(app)) return;
    if (store.get().dialog) app.closeDialog();
    store.set({ told: null });
    void arrive();
  });
  regions.dialog.addEventListener("dismissed", () => store.get().dialog && app.closeDialog());
  document.addEventListener("compositionstart", () => (course.composing = true));
  document.addEventListener("compositionend", () => {
    course.composing = false;
    draw(store.get());
  });
  const awake = () => ![undefined, "locked"].includes(store.get().situation.open?.me?.reach);
  onLife(() => awake() && touch({}).catch(() => app.refresh()));
  /** @type {Record<import("./shortcuts.js").ShortcutName, () => void>} */
  const deeds = {
    help: () => app.go("help"),
    settings: () => app.ask("settings"),
    person: () => app.ask("find"),
    find: () => focusKey(regions.main, "users.search"),
    add: () => press("users.add"),
    lock: () => awake() && void lock({}).then(() => app.refresh(), () => app.refresh()),
    close: () => (store.get().situation.open?.drill ? leaveDrill(app) : app.ask("close-workspace")),
    quit: () => void quit({}),
  };
  onShortcut((name) => isOpen(name, store.get()) && deeds[name]());
  // Should the word that the sheet is gone ever be lost, coming back to this window finds out.
  addEventListener("focus", () => store.get().situation.sheet && app.refresh());
  void listen("situation-changed", () => app.refresh());
  // The server is there again, or is not: what is typed stays, and what could not be shown is asked for again.
  tellAges(store);
  void listen("link-moved", async () => (followsLink(store.get(), (take(await readSituation({})), store.get())) ? arrive(true) : lookAtOffline(app, (account) => store.set({ account }))));
  void listen("mail-moved", paced(MAIL_RESTS, () => lookAtMail(app, (account) => store.set({ account }))));
  return arrive();
}

/** @param {string} name @param {string | null} id @param {any} data @returns {PanelState} */
const panel = (name, id, data) => ({ name, id, data, refusal: null, busy: false });

/** The key of what has the focus. */
const focused = () => document.activeElement?.closest("[data-key]")?.getAttribute("data-key") ?? "";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Presses a button of the page, if it is there. @param {string} key */
function press(key) {
  const button = document.querySelector(`main [data-key="${key}"]`);
  if (button instanceof HTMLElement) button.click();
}
