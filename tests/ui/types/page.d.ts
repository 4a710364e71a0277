// What the modules of the page hand to each other.

import type en from "../../../ui/locales/en.json";
import type * as wire from "./wire.js";

export type Catalogue = typeof en;
export type Key = keyof Catalogue;
export type PluralKey = { [K in Key]: K extends `${infer Stem}.other` ? Stem : never }[Key];
export type Values = Record<string, string>;

export type Child = Node | string | number | false | null | undefined | Child[];
export type Handler = (event: any) => void;
export type Props = { key?: string } & { [name: string]: string | number | boolean | null | undefined | Handler | object };

export interface Words {
  readonly language: wire.Language;
  t(key: Key, values?: Values): string;
  n(key: PluralKey, count: number, values?: Values): string;
  has(key: string): key is Key;
  rich(key: Key, values: Record<string, Child>): Child[];
  number(value: number): string;
  /** The time alone when it is today. */
  moment(at: number): string;
  isToday(at: number): boolean;
  date(at: number): string;
  time(at: number): string;
  dateTime(at: number): string;
  /** To the second, with the time zone. */
  dateSecond(at: number): string;
  refusal(refusal: wire.Refusal): string;
  /** A length of time, whichever way: seconds, or whole minutes from two on. */
  span(seconds: number): string;
  ago(at: number): string;
}

export type ScreenName =
  | "start" | "create" | "pair" | "restore" | "open" | "open-kit" | "recover-owner" | "help" | "hand-over" | "sign-in" | "invitation" | "forgotten" | "code" | "enrol" | "locked"
  | "profile" | "activity" | "protect" | "import" | "users" | "import-seeds" | "readiness" | "desk" | "communities" | "journal" | "policies" | "vault" | "tokens" | "devices" | "lost" | "waiting"
  | "mail" | "mail-settings" | "not-me";

export type DialogName =
  | "rename-authenticator" | "remove-authenticator" | "password-code"
  | "move" | "move-off" | "moved"
  | "enable" | "renew" | "disable" | "password" | "desk-passphrase" | "add-user" | "reset" | "invite-again" | "hand-over" | "close-workspace"
  | "about" | "settings" | "import-people" | "import-undo" | "import-seeds"
  | "drill" | "drill-finish"
  | "change-email" | "own-email" | "second-email" | "correct-name"
  | "person-act" | "erase" | "role" | "community" | "community-remove" | "policy"
  | "case" | "approve" | "approve-by-kit" | "carry-out" | "withdraw" | "checklist" | "find"
  | "evidence" | "journal-person" | "export-journal" | "verify-journal"
  | "backup" | "older-remove" | "remove-workspace"
  | "mail-notice" | "mail-test" | "mail-remove" | "mail-resend" | "letter-handed" | "report" | "report-settle" | "unsaved"
  | "device-invite" | "device-revoke" | "offline-void"
  | "token-assign" | "token-act" | "token-activate" | "token-resync"
  | "keyring" | "keyring-remove" | "passphrase" | "kit-renew" | "rotate";

export interface Route { name: ScreenName; id: string | null }

/** What a screen or a dialog keeps while it stands. */
export interface PanelState<D = any> {
  name: string;
  id: string | null;
  data: D;
  refusal: wire.Refusal | null;
  busy: boolean;
}

/** How the handlers of a screen or a dialog reach what it keeps. */
export interface PanelHandle<D> {
  read(): PanelState<D>;
  patch(data: Partial<D>): void;
  /** Runs a command; says busy, catches the refusal. Whether it went well. */
  act(work: () => Promise<unknown>): Promise<boolean>;
}

export interface Panel<D, H> {
  load(app: App, id: string | null): D | Promise<D>;
  /** Once a dialog stands: reads what it needs to go on. */
  opened?(on: H): void;
  view(state: State, panel: PanelState<D>, on: H): Child[];
  on(app: App, panel: PanelHandle<D>): H;
}

/** `index` is the entry of the journal that tells of it. */
export interface Toast { id: number; text: string; index: number | null }

/** One's own account; with what is not sent, for whoever may read the outbox; and what can be issued at one's own desk. */
export type Account = wire.Profile & { mail: wire.MailCount[]; mailIsOn: boolean; offline: wire.OfflineDesk | null };

export interface State {
  situation: wire.Situation;
  words: Words;
  /** Said once by Rust, kept until the person has moved on. */
  told: wire.Told | null;
  /** One's own account, for the banners; only inside. */
  account: Account | null;
  screen: PanelState;
  dialog: PanelState | null;
  toasts: readonly Toast[];
}

export interface App {
  state(): Readonly<State>;
  go(name: ScreenName, id?: string | null): void;
  back(): void;
  /** Opens a dialog. */
  ask(name: DialogName, data?: object): void;
  closeDialog(): void;
  /** A toast. */
  say(key: Key, values?: Values): void;
  /** A toast of a sentence that is whole already. */
  tell(text: string): void;
  /** Reads the situation again and goes where it leads. */
  refresh(): Promise<void>;
  /** Loads the present screen again. */
  reload(): Promise<void>;
  /** What is not named stays. */
  setPreferences(change: Partial<wire.SetPreferences>): Promise<void>;
}

export interface Tauri {
  core: { invoke(name: string, args: { request: object }): Promise<unknown> };
  event: { listen(name: string, handler: () => void): Promise<() => void> };
}

declare global {
  interface Window { readonly __TAURI__: Tauri }
}

/** How what the sheet shows was kept. */
export interface Done { how: "copied" | "text" | "encrypted" | "pdf" | "letter" | "printed"; file: string | null }

export interface SheetState {
  words: Words;
  sheet: wire.Sheet | null;
  /** Asking whether unsaved codes may go, or for the passphrase of a file. */
  dialog: "asking" | "encrypt" | "printed" | null;
  panel: PanelState<{ active: boolean; done: Done | null; work: wire.Work | null; back: wire.ReadBackView | null; named: boolean }>;
}

export interface SheetHandlers {
  copy(): void;
  saveText(): void;
  savePdf(): void;
  /** Opens the system's print dialog, then asks whether it printed. */
  print(): void;
  notePrinted(): void;
  /** Stops the long work that makes a new recovery kit count. */
  stop(): void;
  encrypt(): void;
  saveEncrypted(values: Record<string, string>): void;
  verify(values: Record<string, string>): void;
  /** Compares what a caller reads back with the code. */
  readBack(event: Event): void;
  /** Closes, or asks first. */
  done(): void;
  stay(): void;
  closeAnyway(): void;
}
