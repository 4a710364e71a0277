// Add user: an invitation code follows on the sheet.

/** @import { Grant, RoleName } from "../../../tests/ui/types/wire.js" */

import { invite } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

export const addUser = panel({
  load: () => ({ grants: /** @type {Grant[]} */ ([]), grantsOwner: false, community: "" }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Event} event */
    community: (event) => event.target instanceof HTMLSelectElement && panel.patch({ community: event.target.value }),
    /** @param {Record<string, string>} values */
    async submit({ name = "", email = "", role = "member", community }) {
      const where = community ?? panel.read().data.grants[0]?.community;
      const request = role === "owner" || !where ? { name, email, role: /** @type {RoleName} */ ("member") } : { name, email, role: /** @type {RoleName} */ (role), community: where };
      if (!(await panel.act(() => invite(request)))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words, account }, panel, on) {
    const { t } = words;
    const { grants, grantsOwner, community } = panel.data;
    const here = grants.find((grant) => grant.community === community) ?? grants[0];
    const roles = [...(here?.roles ?? []), ...(grantsOwner ? ["owner"] : [])];
    return dialogHead(t("addUser.title"),
      h("p", null, t("addUser.lead"), account?.mailIsOn && [" ", t("issued.mailedToo")]),
      form(words, panel, {
        submit: t("addUser.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "add-user.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: ["name-empty", "name-too-long", "email-invalid", "email-taken"],
      },
        field(words, panel, { name: "name", label: t("addUser.name"), first: true, claims: ["name-empty", "name-too-long"] }),
        field(words, panel, { name: "email", type: "email", label: t("form.email"), claims: ["email-invalid", "email-taken"] }),
        grants.length > 1 && choice(panel, { name: "community", label: t("addUser.community"), value: here?.community ?? "", onchange: on.community, options: grants.map((grant) => ({ value: grant.community, text: grant.communityName })) }),
        choice(panel, { name: "role", label: t("users.role"), value: "member", hint: t("addUser.roleHint"), options: roles.map((role) => ({ value: role, text: t(role === "owner" ? "role.owner" : `role.${/** @type {RoleName} */ (role)}`) })) })));
  },
});
