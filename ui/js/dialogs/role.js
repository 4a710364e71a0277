// Another role in a community, or owner of the workspace; every change asks for the password.

/** @import { PersonName, RoleChoice, RoleName } from "../../../tests/ui/types/wire.js" */

import { changeOwner, changeRole } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** Stands among the communities for the whole workspace. */
const WORKSPACE = "workspace";

export const roleDialog = panel({
  load: () => ({
    person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }), choices: /** @type {RoleChoice[]} */ ([]), owner: false, mayChangeOwner: false,
    where: "", role: /** @type {string | null} */ (null), code: false,
  }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Event} event */
    where: (event) => event.target instanceof HTMLSelectElement && panel.patch({ where: event.target.value, role: null }),
    /** @param {Event} event */
    role: (event) => event.target instanceof HTMLSelectElement && panel.patch({ role: event.target.value }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { person, choices } = panel.read().data;
      const community = values["where"] ?? choices[0]?.community ?? WORKSPACE;
      const role = values["role"] ?? "";
      const proof = readProof(values);
      const account = person.id;
      const done = await panel.act(() =>
        community === WORKSPACE ? changeOwner({ account, owner: role === "owner", proof })
          : changeRole({ account, community, proof, ...(role === "" ? {} : { role: /** @type {RoleName} */ (role) }) }));
      if (!done) return revealCode(panel);
      app.closeDialog();
      app.say("roles.changed", { name: person.name });
      await app.refresh();
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, choices, owner, mayChangeOwner, where } = panel.data;
    const places = [...choices.map((each) => ({ value: each.community, text: each.communityName })), ...(mayChangeOwner ? [{ value: WORKSPACE, text: t("roles.workspace") }] : [])];
    const place = places.find(({ value }) => value === where)?.value ?? places[0]?.value ?? WORKSPACE;
    const here = choices.find((each) => each.community === place);
    const options = place === WORKSPACE
      ? [{ value: "", text: t("roles.notOwner") }, { value: "owner", text: t("role.owner") }]
      : [...(here?.held === null || here?.mayTake ? [{ value: "", text: t("roles.none") }] : []), ...(here?.mayGive ?? []).map((role) => ({ value: role, text: t(`role.${role}`) }))];
    const now = place === WORKSPACE ? (owner ? "owner" : "") : (here?.held ?? "");
    const chosen = panel.data.role ?? now;
    return dialogHead(t("roles.title"),
      h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      form(words, panel, {
        submit: t("roles.submit"), onsubmit: on.submit, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "role.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      },
        places.length > 1 && choice(panel, { name: "where", label: t("addUser.community"), value: place, options: places, onchange: on.where }),
        choice(panel, { name: "role", label: t("users.role"), value: chosen, options, onchange: on.role, hint: t(place === WORKSPACE ? "roles.ownerHint" : "addUser.roleHint") }),
        (now === "administrator" || now === "owner") && note("info", h("p", null, t("roles.lingers"))),
        proofFields(state, panel, { first: false })));
  },
});
