// <toast-list>: what went well, said once and read aloud, and as which entry of the journal it is written down.

/** @import { Toast, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "../parts/icon.js";

export class ToastList extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /**
   * @param {readonly Toast[]} toasts
   * @param {Words} words
   * @param {(index: number) => void} verify
   */
  show(toasts, words, verify) {
    for (const child of [...this.children]) {
      if (!toasts.some((toast) => String(toast.id) === child.getAttribute("data-id"))) child.remove();
    }
    for (const toast of toasts) {
      const shown = this.querySelector(`[data-id="${toast.id}"]`);
      const proof = toast.index === null ? null : proofLine(toast.index, words, verify);
      if (!shown) this.append(h("div", { class: "toast", "data-id": toast.id }, icon("check"), h("div", { class: "toast-words" }, toast.text && h("p", { dir: "auto" }, toast.text), proof)));
      else if (proof && !shown.querySelector(".proof-line")) shown.querySelector(".toast-words")?.append(proof);
    }
  }
}

/** @param {number} index @param {Words} words @param {(index: number) => void} verify */
const proofLine = (index, { t, number }, verify) =>
  h("button", { type: "button", class: "proof-line", title: t("journal.prove"), onclick: () => verify(index) }, t("journal.journalled", { index: number(index) }));

customElements.define("toast-list", ToastList);
