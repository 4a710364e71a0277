// Written by `cargo xtask bindings` from the domain crate: the kinds of journal entries by group, and those that are looked for
// in another group as well.

/** @type {Readonly<Record<string, readonly string[]>>} */
export const JOURNAL_KINDS = Object.freeze({
  "sign-ins": ["sign-in.password", "sign-in.authenticator", "sign-in.backup-code", "sign-in.recovery-claimed", "sign-in.locked", "check.authenticator", "check.backup-code", "check.locked", "session.signed-out", "session.locked", "session.unlocked"],
  "second-factor": ["factor.authenticator-added", "factor.backup-codes-renewed", "factor.backup-codes-saved", "factor.disabled", "factor.reset", "factor.authenticator-renamed", "factor.authenticator-removed", "factor.preferred-changed"],
  "codes": ["password.changed", "password.code-issued", "password.reset", "password.code-mailed", "offline.granted", "offline.code-used", "offline.code-told", "offline.code-refused", "offline.code-voided"],
  "people": ["person.invited", "person.invitation-renewed", "person.handed-over", "person.invitation-accepted", "community.made", "community.renamed", "community.removed", "role.given", "role.taken", "owner.made", "owner.unmade", "person.email-changed", "person.second-email-set", "person.second-email-removed", "person.name-corrected", "person.deactivated", "person.reactivated", "person.erased", "person.signed-out", "person.marked-elsewhere", "person.unmarked-elsewhere", "person.unlocked", "person.imported", "person.import-undone", "people.exported"],
  "support": ["case.opened", "case.approved", "case.withdrawn", "case.voided", "case.carried-out", "help.asked", "help.dismissed", "support.checklist-changed", "report.made", "report.settled"],
  "policies": ["policy.changed", "policy.community-changed"],
  "tokens": ["token.imported", "token.import-undone", "token.assigned", "token.unassigned", "token.activated", "token.retired", "token.resynchronised"],
  "imports": ["import.carried-out", "import.undone"],
  "workspace": ["workspace.created", "vault.keyring-added", "vault.keyring-removed", "vault.passphrase-changed", "vault.key-changed", "vault.older-copy-removed", "vault.passphrase-changed-by-kit", "kit.begun", "kit.kept", "kit.renewed", "kit.gone", "kit.opened-vault", "kit.owner-recovered", "kit.approved-case", "console.owner-recovered", "console.key-replaced", "client.added", "client.removed", "journal.key-made", "journal.exported", "backup.taken", "workspace.restored", "workspace.moved-away", "workspace.move-called-off", "workspace.moved-out", "workspace.move-out-called-off", "workspace.moved-here", "device.invited", "device.paired", "device.revoked", "device.lost-told"],
  "mail": ["mail.set", "mail.removed", "mail.tested", "notice.resent", "notice.handed-over"],
  "refusals": ["gate.refused"],
});

/** @type {Readonly<Record<string, readonly string[]>>} */
export const JOURNAL_ALSO = Object.freeze({
  "sign-ins": [],
  "second-factor": [],
  "codes": ["person.invited", "person.invitation-renewed", "sign-in.backup-code", "sign-in.recovery-claimed", "check.backup-code", "factor.backup-codes-renewed", "factor.backup-codes-saved", "factor.reset"],
  "people": [],
  "support": ["offline.code-used", "offline.code-told"],
  "policies": [],
  "tokens": [],
  "imports": ["person.imported", "person.import-undone", "token.imported", "token.import-undone", "people.exported"],
  "workspace": [],
  "mail": [],
  "refusals": [],
});
