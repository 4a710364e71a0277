// Roles and states, in words.

/** @import { Words } from "../../../tests/ui/types/page.js" */
/** @import { RoleHeld } from "../../../tests/ui/types/wire.js" */

/**
 * With the community only where there is more than one to tell apart.
 * @param {Words} words
 * @param {{ owner: boolean, roles: RoleHeld[] }} person
 */
export function roleNames({ t }, { owner, roles }) {
  const several = new Set(roles.map((role) => role.community)).size > 1;
  const held = roles.map(({ role, communityName }) =>
    several ? t("role.in", { role: t(`role.${role}`), community: communityName }) : t(`role.${role}`));
  return [...(owner ? [t("role.owner")] : []), ...held].join(" · ");
}
