// Words, numbers and moments in one language. A catalogue holds whole sentences with {placeholders}.

/** @import { Catalogue, Child, Key, PluralKey, Values, Words } from "../../tests/ui/types/page.js" */
/** @import { Language, Refusal } from "../../tests/ui/types/wire.js" */

const LOCALES = Object.freeze({ en: "en-GB", fr: "fr-FR" });

/**
 * @param {Language} language
 * @param {Catalogue} catalogue
 * @returns {Words}
 */
export function makeWords(language, catalogue) {
  const locale = LOCALES[language];
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const seconds = new Intl.NumberFormat(locale, { style: "unit", unit: "second", unitDisplay: "long" });
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const precise = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });
  const both = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

  /** @param {string} key */
  const find = (key) => /** @type {Record<string, string | undefined>} */ (catalogue)[key];

  /** @type {(key: string) => key is Key} */
  const has = (key) => find(key) !== undefined;

  /** @type {(key: Key, values?: Values) => string} */
  const t = (key, values = {}) => fill(find(key) ?? key, values).join("");

  /** @type {(key: PluralKey, count: number, values?: Values) => string} */
  const n = (key, count, values = {}) => {
    const text = find(`${key}.${plurals.select(count)}`) ?? find(`${key}.other`) ?? key;
    return fill(text, { count: numbers.format(count), ...values }).join("");
  };

  /** @type {(at: number) => string} */
  const moment = (at) => (isToday(at) ? times : both).format(new Date(at * 1000));

  /** Nobody sets a clock by seconds once it is minutes off. @type {(value: number) => string} */
  const span = (value) => (Math.abs(value) < 120 ? seconds.format(Math.abs(value)) : minutes.format(Math.round(Math.abs(value) / 60)));

  const ages = new Intl.RelativeTimeFormat(locale, { style: "short" });

  /** How long ago it was, in the unit that says it best. @type {(at: number) => string} */
  const ago = (at) => {
    const minutes = Math.max(0, Math.floor((Date.now() / 1000 - at) / 60));
    if (minutes < 2) return t(minutes < 1 ? "ago.now" : "ago.minute");
    if (minutes < 60) return ages.format(-minutes, "minute");
    return minutes < 48 * 60 ? ages.format(-Math.floor(minutes / 60), "hour") : ages.format(-Math.floor(minutes / (24 * 60)), "day");
  };

  /** @type {Words} */
  const words = {
    language,
    t,
    n,
    moment,
    isToday,
    has,
    rich: (key, values) => /** @type {Child[]} */ (fill(find(key) ?? key, values)),
    number: (value) => numbers.format(value),
    date: (at) => dates.format(new Date(at * 1000)),
    time: (at) => times.format(new Date(at * 1000)),
    dateSecond: (at) => precise.format(new Date(at * 1000)),
    dateTime: (at) => both.format(new Date(at * 1000)),
    refusal: (refusal) => sentence(t, find, refusal, moment, span),
    span,
    ago,
  };
  return Object.freeze(words);
}

/**
 * Puts values into a sentence; a value may be an element.
 * @template V
 * @param {string} text
 * @param {Record<string, V>} values
 * @returns {(string | V)[]}
 */
export function fill(text, values) {
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : (values[part] ?? "")));
}

/**
 * @param {Words["t"]} t
 * @param {(key: string) => string | undefined} find
 * @param {Refusal} refusal
 * @param {(at: number) => string} moment
 * @param {(value: number) => string} duration
 */
function sentence(t, find, { code, at, number }, moment, duration) {
  const when = at === undefined ? "" : moment(at);
  if (code === "clock-drift" && number !== undefined) {
    return t(number > 0 ? "refusal.clock-drift.ahead" : "refusal.clock-drift.behind", { number: duration(number) });
  }
  if (code === "offline-budget-spent" && at !== undefined) return t("refusal.offline-budget-spent.from", { at: when });
  const known = find(`refusal.${code}`) === undefined ? "unexpected" : code;
  return t(`refusal.${known}`, { at: when, number: number === undefined ? "" : String(number) });
}

/** @param {number} at */
const isToday = (at) => new Date(at * 1000).toDateString() === new Date().toDateString();
