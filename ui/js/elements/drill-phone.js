// <drill-phone>: what the authenticator in a drill shows, step after step. A real one never shows its codes here.

export class DrillPhone extends HTMLElement {
  /** @type {{ label: string, read: () => Promise<import("../../../tests/ui/types/wire.js").DrillCode> }} */
  options = { label: "", read: () => Promise.reject(new Error("nothing to read")) };
  #next = 0;

  connectedCallback() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", this.options.label);
    this.dir = "ltr";
    this.translate = false;
    this.textContent = "··· ···";
    void this.#look();
  }

  disconnectedCallback() {
    clearTimeout(this.#next);
  }

  async #look() {
    const now = await this.options.read().catch(() => null);
    if (!this.isConnected || !now) return;
    this.textContent = now.code.replace(/(?=...$)/, " ");
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#look(), now.seconds * 1000);
  }
}

customElements.define("drill-phone", DrillPhone);
