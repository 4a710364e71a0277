// <toast-list>: what went well, said once and read aloud.

/** @import { Toast } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "../parts/icon.js";

export class ToastList extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /** @param {readonly Toast[]} toasts */
  show(toasts) {
    for (const child of [...this.children]) {
      if (!toasts.some((toast) => String(toast.id) === child.getAttribute("data-id"))) child.remove();
    }
    for (const toast of toasts) {
      if (this.querySelector(`[data-id="${toast.id}"]`)) continue;
      this.append(h("p", { class: "toast", "data-id": toast.id }, icon("check"), h("span", { dir: "auto" }, toast.text)));
    }
  }
}

customElements.define("toast-list", ToastList);
