// <modal-dialog>: the one dialog of a window. Its body is redrawn like any region.

import { h } from "../dom.js";

export class ModalDialog extends HTMLElement {
  connectedCallback() {
    const body = h("div", { class: "dialog-body", "data-scrolls": true });
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, body);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.dispatchEvent(new Event("dismissed"));
    });
    // The browser takes what lies under the buttons for seen.
    body.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement && target.matches(":focus-visible") && !target.closest(".buttons")) target.scrollIntoView({ block: "nearest" });
    });
    this.replaceChildren(dialog);
  }

  body() {
    return /** @type {HTMLElement} */ (this.querySelector(".dialog-body"));
  }

  open() {
    const dialog = this.querySelector("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const first = dialog.querySelector("[data-first]") ?? dialog.querySelector("h2");
    if (first instanceof HTMLElement) first.focus();
  }

  close() {
    this.querySelector("dialog")?.close();
    this.body().replaceChildren();
  }
}

customElements.define("modal-dialog", ModalDialog);
