// <code-field>: the one place where a code is typed. One plain field, so that pasting and reading aloud work; below it
// stands what the code looks like.

/** @import { Words } from "../../../tests/ui/types/page.js" */

import { codeForm } from "../code-form.js";
import { h } from "../dom.js";
import { icon } from "../parts/icon.js";

/** @typedef {{ words: Words, key: string, name: string, label: string, accepts: "any" | "digits" | "invitation" | "kit" | "moving" | "pairing" | "password" | "report", error: string | null, first?: boolean, hint?: string, required?: boolean }} CodeOptions */

export class CodeField extends HTMLElement {
  /** @type {CodeOptions | null} */
  options = null;

  connectedCallback() {
    if (!this.options) return;
    const { key, name, label, accepts, error, first, required = true } = this.options;
    const id = `field-${key.replace(/\W/g, "-")}`;
    const hint = h("p", { class: "hint", id: `${id}-hint` });
    const input = h("input", {
      key, id, name, type: "text", class: "code-input", "data-secret": true, "data-first": first,
      inputmode: accepts === "digits" ? "numeric" : "text", autocomplete: "one-time-code", autocapitalize: "characters",
      autocorrect: "off", spellcheck: "false", dir: "ltr", required, "data-required": required,
      "aria-describedby": `${id}-hint ${id}-error`, "aria-invalid": error ? "true" : null,
    });
    const say = () => {
      hint.textContent = this.looksLike(input.value);
      const { typed } = codeForm(input.value);
      input.classList.toggle("long", typed > 15 && typed <= 25);
      input.classList.toggle("longest", typed > 25);
    };
    input.addEventListener("input", say);
    input.addEventListener("carried", say);
    this.replaceChildren(
      h("label", { for: id }, label),
      input,
      h("p", { class: "field-error", id: `${id}-error`, role: "alert" }, error && [icon("warn"), h("span", null, error)]),
      hint,
    );
    say();
  }

  /** @param {string} text */
  looksLike(text) {
    if (!this.options) return "";
    const { words, accepts, hint } = this.options;
    const { kind, typed, of } = codeForm(text);
    const values = { typed: String(typed), of: String(of) };
    if (accepts === "digits") return hint ?? words.t("code.hint.digits");
    if (accepts === "password") return typed > 0 ? words.t("code.looks.password", { typed: String(typed), of: "25" }) : (hint ?? words.t("code.hint.invitation"));
    if (accepts === "invitation") return typed > 0 ? words.t("code.looks.invitation", { typed: String(typed), of: "25" }) : (hint ?? words.t("code.hint.invitation"));
    if (accepts === "report") return typed > 0 ? words.t("code.looks.report", { typed: String(typed), of: "10" }) : (hint ?? "");
    if (accepts === "pairing") return typed > 0 ? words.t("code.looks.pairing", { typed: String(typed) }) : (hint ?? "");
    if (accepts === "moving") return typed > 0 ? words.t("code.looks.moving", { typed: String(typed) }) : (hint ?? "");
    if (accepts === "kit") return typed > 0 ? words.t("code.looks.kit", { typed: String(typed), of: "25" }) : (hint ?? words.t("code.hint.kit"));
    if (kind === "authenticator") return words.t("code.looks.authenticator", values);
    if (kind === "backup") return words.t("code.looks.backup", values);
    if (kind === "long") return words.t("code.looks.recovery", values);
    return hint ?? words.t("code.hint.any");
  }
}

customElements.define("code-field", CodeField);
