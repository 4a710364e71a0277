// <secret-text>: a code or a secret, large and in groups, the way it is read out. It stands only on the sheet.

/** @import { Child } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { groups } from "../code-form.js";

export class SecretText extends HTMLElement {
  /** @type {{ text: string, label: string, separator: string }} */
  options = { text: "", label: "", separator: "-" };

  connectedCallback() {
    const { text, label, separator } = this.options;
    /** @type {Child[]} */
    const all = groups(text);
    const parts = all.map((group, index) =>
      h("span", { class: "secret-group" }, group, index < all.length - 1 && h("span", { class: "secret-between" }, separator)));
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", label);
    this.replaceChildren(h("code", { class: "secret", translate: "no", dir: "ltr" }, parts));
  }
}

customElements.define("secret-text", SecretText);
