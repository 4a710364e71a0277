// Written by `cargo xtask bindings` from the wire crate.

export type RefusalCode = "wrong-credentials" | "wrong-password" | "wait" | "method-disabled" | "code-empty" | "code-length" | "code-digits" | "code-mistyped" | "code-kind" | "code-wrong" | "code-used" | "code-void" | "clock-drift" | "recovery-expired" | "recovery-exhausted" | "offline-code-ahead" | "offline-code-void" | "offline-code-unfit" | "offline-no-grant" | "offline-grant-over" | "offline-budget-spent" | "offline-too-soon" | "offline-forbidden" | "offline-takes-two" | "offline-clock" | "invitation-expired" | "password-code-wrong" | "password-code-expired" | "enrolment-gone" | "enrolment-code-wrong" | "factor-needed" | "token-in-step-again" | "token-out-of-step" | "token-code-wrong" | "token-gone" | "client-unknown" | "client-name-taken" | "clients-full" | "client-gone" | "realm-unknown" | "check-refused" | "token-not-free" | "token-in-use" | "no-factor" | "authenticator-gone" | "authenticator-name-taken" | "last-authenticator" | "disable-forbidden" | "backup-codes-off" | "policy-out-of-bounds" | "policy-loosened" | "preflight-stale" | "last-administrator" | "password-cannot-stand-alone" | "password-too-short" | "password-too-long" | "passphrase-common" | "password-common" | "password-unchanged" | "passphrase-too-short" | "name-empty" | "name-too-long" | "email-invalid" | "email-taken" | "email-unchanged" | "not-allowed" | "on-self" | "takes-two" | "account-deactivated" | "signs-in-elsewhere" | "locked-out" | "last-owner" | "nothing-to-unlock" | "reset-needed" | "community-name-taken" | "community-not-empty" | "last-community" | "already-signed-in" | "second-effect-after-reset" | "second-effect-after-password-code" | "second-effect-after-reactivation" | "second-effect-after-email" | "second-effect-after-token" | "double-loss" | "never-signed-in" | "nothing-to-reset" | "case-incomplete" | "checklist-changed" | "checklist-length" | "case-open" | "case-unapproved" | "case-over" | "case-expired" | "case-void" | "own-case" | "role-too-young" | "approval-needs-factor" | "already-asked" | "import-empty" | "import-undone" | "import-moved" | "erasure-name-differs" | "erasure-case-waits" | "import-file-changed" | "report-code-wrong" | "nothing-reported" | "note-empty" | "entry-not-own" | "mail-host-invalid" | "mail-user-invalid" | "mail-password-needed" | "mail-not-set-up" | "notice-moved" | "notice-code-gone" | "pairing-code-wrong" | "device-unknown" | "device-revoked" | "device-still-paired" | "device-gone" | "operation-differs" | "operation-expired" | "changed-meanwhile" | "outbox-full" | "only-on-server" | "session-ended" | "session-idle" | "session-stage" | "busy" | "vault-passphrase-wrong" | "desk-passphrase-wrong" | "vault-kit-wrong" | "kit-mistyped" | "wrong-kit" | "kit-missing" | "case-kit-wrong" | "kit-not-needed" | "kit-too-young" | "account-open" | "kit-not-kept" | "stopped" | "keyring-missing" | "keyring-entry-missing" | "keyring-locked" | "keyring-silent" | "vault-in-use" | "vault-missing" | "vault-damaged" | "vault-newer" | "read-only" | "disk-full" | "backup-stopped" | "backup-read-only" | "backup-disk-full" | "backup-inside" | "backup-missing" | "no-backup" | "backup-newer" | "backup-damaged" | "backup-passphrase-wrong" | "backup-kit-wrong" | "name-differs" | "keyring-entry-stays" | "file-not-written" | "clipboard-unavailable" | "no-workspace" | "nothing-to-show" | "checkpoint-unknown" | "checkpoint-ahead" | "in-drill" | "not-on-server" | "workspace-moving" | "workspace-moved" | "workspace-moved-out" | "same-person" | "move-may-have-arrived" | "move-taken" | "move-other-version" | "move-out-of-order" | "move-differs" | "move-not-awaited" | "move-disk-full" | "move-code-wrong" | "offline" | "reading-alone" | "answer-lost" | "server-key-changed" | "server-untrusted" | "server-clock" | "server-strange" | "server-differs" | "server-too-much" | "address-invalid" | "address-plain" | "unexpected";

export type Refusal = { 
/**
 * Why.
 */
code: RefusalCode, 
/**
 * The moment that the sentence names.
 */
at?: number, 
/**
 * The number that the sentence names.
 */
number?: number, };

export type Next = "code" | "recovery-code" | "enrol" | "in";

export type SignIn = { 
/**
 * The e-mail address.
 */
email: string, 
/**
 * The password.
 */
password: string, };

export type GiveCode = { 
/**
 * Whatever was typed: an authenticator, backup or recovery code.
 */
code: string, };

export type AcceptInvitation = { 
/**
 * The e-mail address.
 */
email: string, 
/**
 * The invitation code, as typed.
 */
code: string, 
/**
 * The password that the person chose.
 */
password: string, };

export type RedeemPasswordCode = { 
/**
 * The e-mail address.
 */
email: string, 
/**
 * The password code, as typed.
 */
code: string, 
/**
 * The password that the person chose.
 */
password: string, };

export type Unlock = { 
/**
 * The password of the same person, and a code where the policy asks for one.
 */
proof: Proof, };

export type Lock = Record<symbol, never>;

export type SignOut = Record<symbol, never>;

export type Touch = Record<symbol, never>;

export type Step = { 
/**
 * What comes next.
 */
next: Next, };

export type Done = Record<symbol, never>;

export type Me = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * The language that papers speak to them in.
 */
language: Language, 
/**
 * How far the session reaches.
 */
reach: Reach, 
/**
 * Whether the people of the workspace may be listed.
 */
listsPeople: boolean, 
/**
 * Whether communities may be made, renamed and removed.
 */
keepsCommunities: boolean, 
/**
 * Whether tokens may be imported and assigned somewhere.
 */
keepsTokens: boolean, 
/**
 * Whether how mail is sent may be changed.
 */
keepsMail: boolean, 
/**
 * Looks after the devices that are paired with a server.
 */
keepsDevices: boolean, 
/**
 * Whether they may read the outbox.
 */
readsOutbox: boolean, 
/**
 * Whether how the vault opens may be changed.
 */
keepsVault: boolean, 
/**
 * Why a backup should be taken, for whoever may take one.
 */
backupDue: BackupDue | null, 
/**
 * Whether they may import people from a list.
 */
importsPeople: boolean, 
/**
 * Whether the journal may be read.
 */
readsJournal: boolean, 
/**
 * Whether backup codes come with an authenticator.
 */
backupCodes: boolean, 
/**
 * Whether unlocking asks for a code beside the password.
 */
unlockAsksCode: boolean, 
/**
 * Whether the policy of the workspace, or what a community asks beyond it, may be changed.
 */
setsPolicy: boolean, 
/**
 * What the authenticator is called that is asked first, while a code of one of several is asked.
 */
asks: string | null, 
/**
 * Seconds without a sign of life until the session locks.
 */
idleSeconds: number, 
/**
 * The workspace's name.
 */
workspace: string, 
/**
 * Whether the desktop that they came by is paired with the server for them: it was they who first signed in there.
 */
ownDevice: boolean, };

export type Reach = "code" | "recovery-code" | "enrol" | "enrol-again" | "full" | "locked";

export type Proof = { 
/**
 * Their password.
 */
password: string, 
/**
 * A code, where one is asked for.
 */
code?: string, };

export type ReadProfile = Record<symbol, never>;

export type BeginEnrolment = { 
/**
 * What the authenticator is to be called.
 */
name: string, 
/**
 * Not asked of somebody who may only enrol.
 */
proof?: Proof, };

export type RenewBackupCodes = { 
/**
 * Who asks.
 */
proof: Proof, };

export type DisableSecondFactor = { 
/**
 * Who asks.
 */
proof: Proof, };

export type RenameAuthenticator = { 
/**
 * Which.
 */
id: string, 
/**
 * What it is to be called.
 */
name: string, };

export type PreferAuthenticator = { 
/**
 * Which.
 */
id: string, };

export type RemoveAuthenticator = { 
/**
 * Which.
 */
id: string, 
/**
 * Whether every other session of one's own ends, too.
 */
elsewhere: boolean, 
/**
 * Who asks.
 */
proof: Proof, };

export type ChangePassword = { 
/**
 * The present password.
 */
proof: Proof, 
/**
 * The new one.
 */
password: string, };

export type Profile = { 
/**
 * The name.
 */
name: string, 
/**
 * The e-mail address.
 */
email: string, 
/**
 * The second address that notices go to.
 */
secondEmail: string | null, 
/**
 * Owns the workspace.
 */
owner: boolean, 
/**
 * Roles held.
 */
roles: Array<RoleHeld>, 
/**
 * The second factor, where there is one.
 */
factor: FactorView | null, 
/**
 * Whether the policy, or a short password, demands one.
 */
factorRequired: boolean, 
/**
 * Until when the password alone still signs in, where one is demanded and there is none.
 */
graceUntil: number | null, 
/**
 * Whether backup codes are made and accepted.
 */
backupCodes: boolean, 
/**
 * The communities that keep it from being switched off, where the workspace itself would let it.
 */
disableRefusedBy: Array<string>, 
/**
 * Why it cannot be switched off; absent when it can.
 */
disableRefused: RefusalCode | null, 
/**
 * What is wrong with the recovery kit, for owners; absent when nothing is.
 */
kitTrouble: KitTrouble | null, 
/**
 * The last use of the recovery kit, for owners and administrators who have not said yet that they know of it.
 */
kitUsed: KitUsed | null, 
/**
 * Whether the next sensitive change will ask for a code beside the password.
 */
asksCode: boolean, };

export type FactorView = { 
/**
 * The authenticators, the preferred one first.
 */
authenticators: Array<AuthenticatorView>, 
/**
 * Backup codes never used.
 */
codesLeft: number, 
/**
 * When the backup codes were made.
 */
codesMadeAt: number, 
/**
 * Whether they were kept somewhere.
 */
codesSaved: boolean, };

export type AuthenticatorView = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * When it was added.
 */
addedAt: number, 
/**
 * When a code of it was last accepted.
 */
usedAt: number | null, 
/**
 * How far its clock was off when that was last known, in seconds; positive when it is ahead.
 */
driftSeconds: number, 
/**
 * Asked first at sign-in.
 */
preferred: boolean, 
/**
 * Whether it is a token, which two codes in a row bring back into step.
 */
token: boolean, 
/**
 * Digits of its codes.
 */
digits: number, };

export type RoleName = "member" | "support" | "administrator";

export type AccountState = "invited" | "protected" | "no-second-factor" | "recovery-pending" | "deactivated" | "signs-in-elsewhere";

export type PersonName = { 
/**
 * The account.
 */
id: string, 
/**
 * The name.
 */
name: string, 
/**
 * The e-mail address.
 */
email: string, };

export type RoleHeld = { 
/**
 * The community.
 */
community: string, 
/**
 * Its name.
 */
communityName: string, 
/**
 * The role.
 */
role: RoleName, };

export type PeoplePage = { 
/**
 * The rows.
 */
rows: Array<PersonRow>, 
/**
 * The position of the first row, from 0.
 */
from: number, 
/**
 * How many match in all.
 */
total: number, 
/**
 * Where the reader may add people, and as what.
 */
grants: Array<Grant>, 
/**
 * Whether the reader may add owners.
 */
grantsOwner: boolean, 
/**
 * The communities that the list may be narrowed to, by name.
 */
communities: Array<CommunityName>, 
/**
 * Whether the reader may take the list, or the part of it that they administer, out of the program.
 */
mayExport: boolean, };

export type PersonRow = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * Owns the workspace.
 */
owner: boolean, 
/**
 * Roles held.
 */
roles: Array<RoleHeld>, 
/**
 * The state.
 */
state: AccountState, 
/**
 * Whether nothing they type is looked at now.
 */
locked: boolean, 
/**
 * Until when; absent when they are not locked, and when only staff can end it.
 */
lockedUntil: number | null, 
/**
 * Backup codes left, where there are any.
 */
codesLeft: number | null, 
/**
 * Last came in.
 */
signedInAt: number | null, 
/**
 * Why the second factor cannot be reset by the reader; absent when it can.
 */
resetRefused: Refusal | null, 
/**
 * Why no password code can be issued by the reader; absent when it can.
 */
passwordCodeRefused: Refusal | null, 
/**
 * Whether the reader may make a new invitation or hand over the keyboard.
 */
mayInviteAgain: boolean, };

export type Grant = { 
/**
 * The community.
 */
community: string, 
/**
 * Its name.
 */
communityName: string, 
/**
 * As what.
 */
roles: Array<RoleName>, };

export type ListPeople = { 
/**
 * Part of a name or an e-mail address; empty for everybody.
 */
search: string, 
/**
 * The position of the first row that is asked for, from 0. Past the end there are no rows.
 */
from?: number, 
/**
 * Rows at most: 1 to 200, and 100 where nothing is said.
 */
limit?: number, 
/**
 * What the list is ordered by.
 */
order?: PeopleOrder, 
/**
 * Whether the order is turned round.
 */
descending?: boolean, 
/**
 * Only people of this community.
 */
community?: string, 
/**
 * Only people who are this.
 */
being?: Being, 
/**
 * Only people of whom this holds.
 */
state?: PeopleState, };

export type Invite = { 
/**
 * The name.
 */
name: string, 
/**
 * The e-mail address.
 */
email: string, 
/**
 * Where; absent for an owner.
 */
community?: string, 
/**
 * As what; ignored for an owner.
 */
role: RoleName, };

export type InviteAgain = { 
/**
 * For whom.
 */
account: string, };

export type HandOver = { 
/**
 * To whom.
 */
account: string, };

export type ResetSecondFactor = { 
/**
 * Whose.
 */
account: string, 
/**
 * What staff filled in.
 */
support: SupportAnswers, 
/**
 * Who asks: the password, and a code when enrolled.
 */
proof: Proof, };

export type IssuePasswordCode = { 
/**
 * For whom.
 */
account: string, 
/**
 * What staff filled in.
 */
support: SupportAnswers, 
/**
 * Who asks: the password, and a code when enrolled.
 */
proof: Proof, };

export type Being = "owner" | "member" | "support" | "administrator";

export type CommunityName = { 
/**
 * Which.
 */
id: string, 
/**
 * Its name.
 */
name: string, };

export type PeopleState = "invited" | "protected" | "no-second-factor" | "recovery-pending" | "locked" | "few-codes" | "unsaved-codes" | "one-authenticator" | "unfinished-enrolment" | "deactivated" | "signs-in-elsewhere";

export type PeopleOrder = "name" | "email" | "state" | "signed-in" | "added";

export type ReadReadiness = { 
/**
 * Only people of this community.
 */
community?: string, };

export type Readiness = { 
/**
 * Everybody who signs in here: neither deactivated nor signing in elsewhere.
 */
people: number, 
/**
 * [`PeopleState::Protected`].
 */
protected: number, 
/**
 * [`PeopleState::NoSecondFactor`].
 */
noSecondFactor: number, 
/**
 * [`PeopleState::RecoveryPending`].
 */
recoveryPending: number, 
/**
 * [`PeopleState::Invited`]. With the three before, they are all the people.
 */
invited: number, 
/**
 * [`PeopleState::OneAuthenticator`].
 */
oneAuthenticator: number, 
/**
 * [`PeopleState::FewCodes`].
 */
fewCodes: number, 
/**
 * [`PeopleState::UnsavedCodes`].
 */
unsavedCodes: number, 
/**
 * [`PeopleState::UnfinishedEnrolment`].
 */
unfinishedEnrolment: number, 
/**
 * [`PeopleState::Locked`].
 */
locked: number, };

export type ExportPeople = { 
/**
 * As in [`ListPeople`].
 */
search: string, 
/**
 * As in [`ListPeople`].
 */
order?: PeopleOrder, 
/**
 * As in [`ListPeople`].
 */
descending?: boolean, 
/**
 * As in [`ListPeople`].
 */
community?: string, 
/**
 * As in [`ListPeople`].
 */
being?: Being, 
/**
 * As in [`ListPeople`].
 */
state?: PeopleState, };

export type PeopleExport = { 
/**
 * The file's name; absent where none was chosen.
 */
file: string | null, 
/**
 * How many people are in it.
 */
people: number, };

export type WhyCode = "deactivated" | "signs-in-elsewhere" | "password-wait" | "invited" | "invitation-expired" | "not-invited" | "code-wait" | "method-disabled" | "recovery-waits" | "recovery-claimed" | "recovery-expired" | "recovery-exhausted" | "enrolment-begun" | "must-enrol" | "clock-off" | "nothing";

export type PersonAction = "reset-second-factor" | "issue-password-code" | "invite-again" | "hand-over" | "unlock" | "sign-out" | "deactivate" | "erase" | "reactivate" | "mark-elsewhere" | "unmark-elsewhere" | "change-email" | "change-second-email" | "correct-name";

export type WhyView = { 
/**
 * Why.
 */
code: WhyCode, 
/**
 * The moment that the sentence names.
 */
at: number | null, 
/**
 * The number that the sentence names.
 */
number: number | null, };

export type ActionView = { 
/**
 * What.
 */
action: PersonAction, 
/**
 * Why the reader cannot; absent when they can.
 */
refused: Refusal | null, };

export type RoleChoice = { 
/**
 * The community.
 */
community: string, 
/**
 * Its name.
 */
communityName: string, 
/**
 * The role held now.
 */
held: RoleName | null, 
/**
 * The roles that may be given.
 */
mayGive: Array<RoleName>, 
/**
 * Whether the role may be taken.
 */
mayTake: boolean, };

export type PersonView = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * The second address that their notices go to.
 */
secondEmail: string | null, 
/**
 * Owns the workspace.
 */
owner: boolean, 
/**
 * Roles held in the reader's communities.
 */
roles: Array<RoleHeld>, 
/**
 * The state.
 */
state: AccountState, 
/**
 * Why they cannot come in.
 */
why: WhyView, 
/**
 * Until when nothing they type is looked at.
 */
lockedUntil: number | null, 
/**
 * Wrong codes since the last right one.
 */
codeFailures: number, 
/**
 * Wrong passwords since the last right one.
 */
passwordFailures: number, 
/**
 * The second factor, where there is one. Never a secret.
 */
factor: FactorView | null, 
/**
 * When an enrolment was begun that is not finished.
 */
enrolmentBegunAt: number | null, 
/**
 * When the account was made.
 */
createdAt: number, 
/**
 * Last came in.
 */
signedInAt: number | null, 
/**
 * What there is to do, the likeliest first.
 */
actions: Array<ActionView>, 
/**
 * Where the reader may change the role.
 */
roleChoices: Array<RoleChoice>, 
/**
 * Whether the reader may make them an owner, or no longer one.
 */
mayChangeOwner: boolean, 
/**
 * The last entries about them, newest first.
 */
recent: Array<JournalRow>, 
/**
 * What they say was not them, until it is settled.
 */
report: ReportView | null, };

export type ReadPerson = { 
/**
 * Who.
 */
account: string, };

export type ChangeRole = { 
/**
 * Whose.
 */
account: string, 
/**
 * Where.
 */
community: string, 
/**
 * As what; absent to take the role.
 */
role?: RoleName, 
/**
 * Who asks.
 */
proof: Proof, };

export type ChangeOwner = { 
/**
 * Who.
 */
account: string, 
/**
 * Which of the two.
 */
owner: boolean, 
/**
 * Who asks.
 */
proof: Proof, };

export type UnlockPerson = { 
/**
 * Whose.
 */
account: string, };

export type SignOutPerson = { 
/**
 * Whose.
 */
account: string, };

export type DeactivatePerson = { 
/**
 * Whose.
 */
account: string, };

export type ReactivatePerson = { 
/**
 * Who.
 */
account: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type MarkElsewhere = { 
/**
 * Whose.
 */
account: string, };

export type UnmarkElsewhere = { 
/**
 * Whose.
 */
account: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type ChangeEmail = { 
/**
 * Whose.
 */
account: string, 
/**
 * The new one.
 */
email: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type ChangeOwnEmail = { 
/**
 * The new one.
 */
email: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type SetSecondEmail = { 
/**
 * Whose.
 */
account: string, 
/**
 * The address; empty to remove it.
 */
email: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type SetOwnSecondEmail = { 
/**
 * The address; empty to remove it.
 */
email: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type CorrectName = { 
/**
 * Who.
 */
account: string, 
/**
 * The name.
 */
name: string, 
/**
 * The name that was corrected. Where it is given and they are no longer called so, nothing is changed.
 */
was?: string, };

export type AskPasswordCode = { 
/**
 * The address, as typed.
 */
email: string, };

export type ReadForgotten = Record<symbol, never>;

export type Forgotten = { 
/**
 * Whether one can be mailed. Otherwise staff issue it.
 */
byMail: boolean, };

export type ErasureView = { 
/**
 * Whom.
 */
person: PersonName, 
/**
 * Why it cannot be done; absent where it can.
 */
refused: Refusal | null, 
/**
 * Their authenticators, software and hardware.
 */
authenticators: number, 
/**
 * Their backup codes that still open.
 */
codes: number, 
/**
 * Their sessions.
 */
sessions: number, 
/**
 * Tokens of the stock that go back to it, and seeds they brought, which go.
 */
tokens: number, 
/**
 * Whether they asked staff for help.
 */
asked: boolean, 
/**
 * Cases about them, opened or approved by them.
 */
cases: number, 
/**
 * Lists of people that they imported.
 */
imports: number, 
/**
 * What was written to be sent to them.
 */
notices: number, 
/**
 * Entries by or about them.
 */
entries: number, 
/**
 * Of these, how many name somebody else too.
 */
shared: number, };

export type Erased = { 
/**
 * How many entries were emptied.
 */
entries: number, };

export type ReadErasure = { 
/**
 * Whom.
 */
account: string, };

export type ErasePerson = { 
/**
 * Whom.
 */
account: string, 
/**
 * Their name, typed to confirm.
 */
name: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type Communities = { 
/**
 * The rows.
 */
rows: Array<CommunityRow>, };

export type CommunityRow = { 
/**
 * Which.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How many people hold a role in it.
 */
people: number, 
/**
 * Why it cannot be removed; absent when it can.
 */
removeRefused: Refusal | null, };

export type ListCommunities = Record<symbol, never>;

export type MakeCommunity = { 
/**
 * Its name.
 */
name: string, };

export type RenameCommunity = { 
/**
 * Which.
 */
community: string, 
/**
 * The new name.
 */
name: string, };

export type RemoveCommunity = { 
/**
 * Which.
 */
community: string, };

export type ReadVault = Record<symbol, never>;

export type AddKeyring = { 
/**
 * Who asks.
 */
proof: Proof, };

export type RemoveKeyring = { 
/**
 * Who asks.
 */
proof: Proof, 
/**
 * The vault passphrase, which the new key is wrapped with.
 */
passphrase: string, 
/**
 * The code of the recovery kit, which stays. Without it a new kit is made, and the key changes once that was kept.
 */
kit?: string, };

export type ChangePassphrase = { 
/**
 * Who asks.
 */
proof: Proof, 
/**
 * The present one, if it is known.
 */
present?: string, 
/**
 * The code of the recovery kit, if it is not.
 */
kit?: string, 
/**
 * The new one.
 */
passphrase: string, };

export type OpenByKeyring = { 
/**
 * Which.
 */
id: string, };

export type VaultView = { 
/**
 * When a keyring was let open it; absent when none is.
 */
keyringMadeAt: number | null, 
/**
 * Whether a keyring answers on this computer.
 */
keyringThere: boolean, 
/**
 * When the passphrase was last changed; absent when it is the first one.
 */
passphraseMadeAt: number | null, 
/**
 * When the recovery kit that opens it was made; absent when there is none.
 */
kitMadeAt: number | null, };

export type RotateKey = { 
/**
 * Who asks.
 */
proof: Proof, 
/**
 * The vault passphrase, which stays.
 */
passphrase: string, 
/**
 * As in [`RemoveKeyring`].
 */
kit?: string, };

export type RenewKit = { 
/**
 * Who asks.
 */
proof: Proof, 
/**
 * The vault passphrase, which stays.
 */
passphrase: string, };

export type AcknowledgeKit = Record<symbol, never>;

export type OpenByKit = { 
/**
 * Which.
 */
id: string, 
/**
 * The code on the paper, as typed.
 */
code: string, };

export type RecoverOwner = { 
/**
 * The e-mail address.
 */
email: string, 
/**
 * The code on the paper, as typed.
 */
code: string, 
/**
 * The password that they chose.
 */
password: string, };

export type ReadWork = Record<symbol, never>;

export type StopWork = Record<symbol, never>;

export type Work = { 
/**
 * What it is doing; absent when nothing is under way.
 */
stage: WorkStage | null, 
/**
 * Bytes done, about.
 */
done: number, 
/**
 * Bytes in all, about.
 */
total: number, };

export type WorkStage = "copying" | "checking" | "writing";

export type KitTrouble = "missing" | "not-kept" | "used" | "unfinished";

export type KitUsed = { 
/**
 * When.
 */
at: number, 
/**
 * Who used it: the owner who enrols again by it, or who approved a case with it; absent when it opened the vault.
 */
owner: PersonName | null, 
/**
 * Whether it approved a case.
 */
forCase: boolean, 
/**
 * About whom that case is, where the reader may know of them.
 */
caseOf: PersonName | null, };

export type BackupDue = "never" | "old";

export type BackupWay = "passphrase" | "kit";

export type ReadBackups = Record<symbol, never>;

export type TakeBackup = { 
/**
 * Who asks.
 */
proof: Proof, 
/**
 * The vault passphrase, which opens the backup too.
 */
passphrase: string, };

export type RemoveOlderCopy = { 
/**
 * Which: the name of its folder.
 */
folder: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type PutOffBackup = Record<symbol, never>;

export type ChooseBackup = Record<symbol, never>;

export type ReadChosenBackup = Record<symbol, never>;

export type RestoreBackup = { 
/**
 * The passphrase of then, if that is to open it.
 */
present?: string, 
/**
 * The code of the recovery kit of then, as typed, if that is to open it.
 */
kit?: string, 
/**
 * What opens the restored vault from now on.
 */
passphrase: string, 
/**
 * Whether backup codes that were unused then open again.
 */
keepCodes: boolean, };

export type RemoveWorkspace = { 
/**
 * Which.
 */
id: string, 
/**
 * Its name, typed to confirm.
 */
name: string, 
/**
 * Whether it goes although its entry in the keyring has to stay.
 */
leaveKeyring: boolean, };

export type BackupRecord = { 
/**
 * When the last one was taken.
 */
takenAt: number | null, 
/**
 * When the workspace was made: so old it is without a backup.
 */
createdAt: number, 
/**
 * How often it was restored.
 */
epoch: number, 
/**
 * Why one should be taken, if one should.
 */
due: BackupDue | null, };

export type BackupsView = { 
/**
 * What the workspace knows.
 */
record: BackupRecord, 
/**
 * Copies from before it was brought up to date, the newest first.
 */
older: Array<OlderCopyView>, };

export type OlderCopyView = { 
/**
 * The name of its folder, inside the vault's.
 */
folder: string, 
/**
 * When its data was last changed.
 */
of: number, 
/**
 * Its bytes.
 */
size: number, };

export type BackupTaken = { 
/**
 * Whether: `false` when the person closed the dialog.
 */
kept: boolean, 
/**
 * The name of the file.
 */
file: string | null, 
/**
 * Its bytes.
 */
size: number, 
/**
 * What opens it.
 */
ways: Array<BackupWay>, };

export type ChosenBackup = { 
/**
 * What it says of itself.
 */
backup: BackupView | null, };

export type BackupView = { 
/**
 * The name of the file.
 */
file: string, 
/**
 * The name of the workspace.
 */
name: string, 
/**
 * When it was taken.
 */
takenAt: number, 
/**
 * Bytes of what is in it.
 */
size: number, 
/**
 * What opens it.
 */
ways: Array<BackupWay>, 
/**
 * Whether the workspace that it was taken of is on this computer.
 */
beside: boolean, };

export type MoveToServer = { 
/**
 * The server's address, as typed.
 */
address: string, 
/**
 * The moving code that it shows, as typed.
 */
code: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type CallOffMove = { 
/**
 * Whether whoever asks is certain that it did not arrive.
 */
certain: boolean, 
/**
 * Who asks.
 */
proof: Proof, };

export type ReadMoved = Record<symbol, never>;

export type Away = { 
/**
 * The server, as people call it.
 */
to: string, 
/**
 * When the move began.
 */
since: number, 
/**
 * Whether the server was told that this is all: from then on it may be there.
 */
told: boolean, 
/**
 * When it had arrived.
 */
arrivedAt: number | null, };

export type Moved = { 
/**
 * The server, as people call it.
 */
to: string, 
/**
 * People.
 */
people: number, 
/**
 * Communities.
 */
communities: number, 
/**
 * Tokens.
 */
tokens: number, 
/**
 * Messages, sent and unsent.
 */
messages: number, 
/**
 * Cases, requests, reports, imports and checkpoints.
 */
others: number, 
/**
 * Entries of the journal.
 */
entries: number, 
/**
 * The root of their tree, in hexadecimal.
 */
root: string, };

export type RequiredOf = "nobody" | "staff" | "everyone";

export type PolicyEffect = "locked-out" | "obliged" | "sooner" | "loses-backup-codes" | "may-no-longer-disable";

export type PolicyValues = { 
/**
 * Who must use a second factor.
 */
required: RequiredOf, 
/**
 * Days of grace: 0 to 90.
 */
graceDays: number, 
/**
 * Whether those who need not use one may switch theirs off.
 */
mayDisable: boolean, 
/**
 * Whether backup codes are made and accepted.
 */
backupCodes: boolean, 
/**
 * Hours that a recovery code is valid: 1 to 24.
 */
recoveryHours: number, 
/**
 * Time steps accepted either side of now: 0 or 1.
 */
totpWindow: number, 
/**
 * Failures within a minute that lock: 3 to 10.
 */
lockFailures: number, 
/**
 * Minutes of the first lock: 1 to 1440.
 */
lockMinutes: number, 
/**
 * Minutes without a sign of life until the window locks: 1 to 60.
 */
idleMinutes: number, 
/**
 * Whether unlocking asks for a code beside the password.
 */
unlockAsksCode: boolean, 
/**
 * Recovery codes that one person may issue at one desktop without the server, within 24 hours: 0 to 50.
 */
offlineBudget: number, };

export type PolicyDraft = { 
/**
 * Who must use a second factor.
 */
required: RequiredOf | null, 
/**
 * Days of grace.
 */
graceDays: number | null, 
/**
 * Whether those who need not use one may switch theirs off.
 */
mayDisable: boolean | null, 
/**
 * Whether backup codes are made and accepted.
 */
backupCodes: boolean | null, 
/**
 * Hours that a recovery code is valid.
 */
recoveryHours: number | null, 
/**
 * Time steps accepted either side of now.
 */
totpWindow: number | null, 
/**
 * Failures within a minute that lock.
 */
lockFailures: number | null, 
/**
 * Minutes of the first lock.
 */
lockMinutes: number | null, 
/**
 * Minutes without a sign of life until the window locks.
 */
idleMinutes: number | null, 
/**
 * Whether unlocking asks for a code beside the password.
 */
unlockAsksCode: boolean | null, 
/**
 * Recovery codes that one person may issue at one desktop without the server, within 24 hours.
 */
offlineBudget: number | null, };

export type Policies = { 
/**
 * The workspace's own.
 */
workspace: PolicyValues, 
/**
 * Whether the reader may change it.
 */
mayChange: boolean, 
/**
 * The communities whose rules the reader may change, by name.
 */
communities: Array<CommunityPolicy>, };

export type CommunityPolicy = { 
/**
 * Which.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What it asks beyond the workspace.
 */
asks: PolicyDraft, 
/**
 * What holds in it.
 */
holds: PolicyValues, };

export type Preflight = { 
/**
 * What was shown, to be given back when the change is saved. Absent on later pages and in searches.
 */
seen: string | null, 
/**
 * How many people of each effect, in the order of the effects. Absent on later pages and in searches.
 */
counts: Array<EffectCount> | null, 
/**
 * How many people are affected at all.
 */
total: number | null, 
/**
 * Why the change cannot be saved at all.
 */
refused: RefusalCode | null, 
/**
 * The people, by name.
 */
rows: Array<AffectedRow>, 
/**
 * Where the next page begins; absent on the last.
 */
next: string | null, };

export type EffectCount = { 
/**
 * How.
 */
effect: PolicyEffect, 
/**
 * How many.
 */
people: number, };

export type AffectedRow = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * How.
 */
effects: Array<PolicyEffect>, 
/**
 * When their days of grace end, where there are any and they have begun.
 */
until: number | null, };

export type ReadPolicies = Record<symbol, never>;

export type PreflightPolicy = { 
/**
 * Whose rules; the workspace's when absent.
 */
community?: string, 
/**
 * The rules as they would be.
 */
draft: PolicyDraft, 
/**
 * Part of a name or an e-mail address; empty for everybody.
 */
search: string, 
/**
 * `next` of the page before.
 */
after?: string, };

export type SavePolicy = { 
/**
 * Whose rules; the workspace's when absent.
 */
community?: string, 
/**
 * The rules as they are to be.
 */
draft: PolicyDraft, 
/**
 * `seen` of the preflight.
 */
seen: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type DeviceState = "invited" | "expired" | "paired" | "revoked";

export type DeviceRow = { 
/**
 * Which.
 */
id: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * Where it stands.
 */
state: DeviceState, 
/**
 * Whose it is; absent before anybody came in by it.
 */
person: PersonName | null, 
/**
 * When it was invited.
 */
invitedAt: number, 
/**
 * By whom; absent where that was done at the server's console.
 */
invitedBy: PersonName | null, 
/**
 * Until when its code is good, or was; absent once it was paired.
 */
expiresAt: number | null, 
/**
 * Since when it is paired.
 */
pairedAt: number | null, 
/**
 * When it was last used, to the hour.
 */
seenAt: number | null, 
/**
 * When it was taken back.
 */
revokedAt: number | null, 
/**
 * By whom.
 */
revokedBy: PersonName | null, };

export type Devices = { 
/**
 * The rows.
 */
rows: Array<DeviceRow>, 
/**
 * Where the next page begins; absent on the last.
 */
next: string | null, 
/**
 * How many match in all.
 */
total: number, 
/**
 * How many there are that are of no use any more.
 */
gone: number, };

export type ListDevices = { 
/**
 * Also those that are of no use any more: taken back, or never paired.
 */
gone: boolean, 
/**
 * `next` of the page before.
 */
after?: string, };

export type InviteDevice = { 
/**
 * What it is to be called.
 */
name: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type RevokeDevice = { 
/**
 * Which.
 */
device: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type ChangeDeskPassphrase = { 
/**
 * The present one.
 */
present: string, 
/**
 * The new one.
 */
passphrase: string, };

export type LostWhy = "staff" | "issued" | "administers";

export type LostCommunity = { 
/**
 * Its name.
 */
name: string, 
/**
 * As what, today.
 */
role: RoleName, 
/**
 * How many people hold a role in it.
 */
people: number, };

export type LostHolder = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * Whether it is theirs: what it keeps for reading is what they may see.
 */
own: boolean, 
/**
 * Whether they were given the right to issue codes there.
 */
issues: boolean, 
/**
 * Whether they are signed in there, or were when it was taken back.
 */
signedIn: boolean, 
/**
 * How many people there are, where they own the workspace and see all of them.
 */
everybody: number | null, 
/**
 * The communities in which they help others, as of today.
 */
communities: Array<LostCommunity>, };

export type LostCode = { 
/**
 * The code.
 */
code: OfflineCodeRow, 
/**
 * Whether it was used after the moment that was asked about.
 */
late: boolean, };

export type LostNumbers = { 
/**
 * Whose; absent once they were erased.
 */
staff: PersonName | null, 
/**
 * How many.
 */
untold: number, 
/**
 * Until when a code with one of them could have let somebody in, had the device not been taken back.
 */
until: number, };

export type LostConcerned = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * Why.
 */
why: LostWhy, 
/**
 * When they were told.
 */
toldAt: number | null, };

export type LostDevice = { 
/**
 * The device.
 */
device: DeviceRow, 
/**
 * After which moment the use of a code is remarked upon; absent where the device was never used.
 */
since: number | null, 
/**
 * Who is known to have worked at it; its own person first.
 */
holders: Array<LostHolder>, 
/**
 * The codes that were issued there, the latest first; so many at most.
 */
codes: Array<LostCode>, 
/**
 * How many there are in all.
 */
codeCount: number, 
/**
 * How many of them were used after that moment.
 */
lateCount: number, 
/**
 * Numbers of which nothing is known, by who could have used them.
 */
numbers: Array<LostNumbers>, 
/**
 * Whom it concerns, without the reader; so many at most.
 */
concerned: Array<LostConcerned>, 
/**
 * How many there are in all.
 */
concernedCount: number, 
/**
 * How many of them were not told yet.
 */
toTell: number, 
/**
 * When some of them were told, the last time.
 */
toldAt: number | null, };

export type LostTold = { 
/**
 * Now.
 */
told: number, 
/**
 * When others were told before, the last time.
 */
before: number | null, };

export type ReadLostDevice = { 
/**
 * Which.
 */
device: string, 
/**
 * After which moment the use of a code is remarked upon; where it is absent, after the device was last used.
 */
since?: number, };

export type TellLostDevice = { 
/**
 * Which.
 */
device: string, };

export type OfflineState = "issued" | "used" | "expired" | "void";

export type OfflineCodeRow = { 
/**
 * With a key of which epoch.
 */
epoch: number, 
/**
 * By which issuer.
 */
issuer: number, 
/**
 * Which of the issuer's.
 */
sequence: number, 
/**
 * For whom; absent once they were erased.
 */
person: PersonName | null, 
/**
 * By whom.
 */
staff: PersonName | null, 
/**
 * At which desktop.
 */
device: string | null, 
/**
 * When, to ten minutes, by the desktop's clock.
 */
issuedAt: number, 
/**
 * Until when it is good.
 */
expiresAt: number, 
/**
 * Where it stands.
 */
state: OfflineState, 
/**
 * When it was used or made void.
 */
endedAt: number | null, 
/**
 * Whether the reader may make it void.
 */
mayVoid: boolean, };

export type OfflineCodes = { 
/**
 * The rows.
 */
rows: Array<OfflineCodeRow>, };

export type IssuedHere = { 
/**
 * For whom.
 */
person: PersonName, 
/**
 * When, by the desk's clock.
 */
issuedAt: number, 
/**
 * Until when it is good.
 */
expiresAt: number, 
/**
 * Whether the server has been told.
 */
told: boolean, };

export type OfflineDesk = { 
/**
 * Why no code can be issued now; absent where one can.
 */
refused: Refusal | null, 
/**
 * How many may still be issued now.
 */
left: number, 
/**
 * At most so many within any 24 hours.
 */
budget: number, 
/**
 * Until when.
 */
until: number | null, 
/**
 * By how many seconds this computer's clock differs from the server's; absent where it is under two minutes.
 */
clockOff: number | null, 
/**
 * Codes that were issued here and may still be good, or that the server was not told of; the latest first.
 */
issued: Array<IssuedHere>, };

export type ListOfflineCodes = Record<symbol, never>;

export type VoidOfflineCode = { 
/**
 * With a key of which epoch.
 */
epoch: number, 
/**
 * By which issuer.
 */
issuer: number, 
/**
 * Which of the issuer's.
 */
sequence: number, };

export type ReadOfflineDesk = Record<symbol, never>;

export type IssueOffline = { 
/**
 * For whom.
 */
account: string, 
/**
 * The support case.
 */
support: SupportAnswers, 
/**
 * The desk passphrase.
 */
passphrase: string, };

export type WaitingKind = "correct-name" | "set-checklist" | "dismiss-request" | "withdraw-case";

export type WaitingState = "waiting" | "sent" | "accepted" | "refused";

export type WaitingRow = { 
/**
 * By what it is known.
 */
key: string, 
/**
 * What it is.
 */
kind: WaitingKind, 
/**
 * About whom, where the desktop knows them.
 */
person: PersonName | null, 
/**
 * The words of it: the name, or what staff are to check.
 */
words: Array<string>, 
/**
 * When it was made.
 */
madeAt: number, 
/**
 * Where it stands.
 */
state: WaitingState, 
/**
 * Why it was refused, or could not be sent.
 */
refusal: Refusal | null, 
/**
 * Which entry of the journal tells of it, once it was accepted and if any does.
 */
journalled: number | null, };

export type Waiting = { 
/**
 * In the order in which they were made.
 */
rows: Array<WaitingRow>, 
/**
 * How many are yet to be decided.
 */
undecided: number, };

export type Settled = { 
/**
 * Whether it waits in the outbox of this desktop. A server never says so.
 */
waits?: boolean, };

export type ReadWaiting = Record<symbol, never>;

export type SendWaiting = Record<symbol, never>;

export type PutAside = { 
/**
 * Which.
 */
key: string, };

export type AskAgain = { 
/**
 * Which.
 */
key: string, };

export type Channel = "in-person" | "phone" | "video" | "letter" | "other-staff";

export type CaseAct = "second-factor" | "password" | "both" | "reactivation" | "signs-in-here" | "email" | "token";

export type SecondPerson = { 
/**
 * Anybody of these; some of them where there are many.
 */
people: Array<PersonName>, 
/**
 * Where there is nobody: from when on somebody could. Absent where nobody could as things are.
 */
at: number | null, 
/**
 * Why the opener cannot approve with the recovery kit either. Where there is nobody and this is absent, they can now.
 */
kitRefused: Refusal | null, };

export type CaseRow = { 
/**
 * Which.
 */
id: string, 
/**
 * About whom.
 */
person: PersonName, 
/**
 * What is done.
 */
act: CaseAct, 
/**
 * What it brings: the new address, or what the token is called.
 */
brings: string | null, 
/**
 * Who opened it.
 */
opener: PersonName, 
/**
 * When.
 */
openedAt: number, 
/**
 * When it ends.
 */
expiresAt: number, 
/**
 * Who approved it.
 */
approver: PersonName | null, 
/**
 * When it was approved; absent while it waits for a second person.
 */
approvedAt: number | null, 
/**
 * Who asked.
 */
askedBy: string, 
/**
 * What was checked.
 */
checked: Array<string>, 
/**
 * Why.
 */
reason: string, 
/**
 * How the code is handed over.
 */
channel: Channel, 
/**
 * Whether the reader opened it.
 */
mine: boolean, 
/**
 * Who could approve it, while it waits for that.
 */
second: SecondPerson | null, 
/**
 * Whether the reader may approve it now.
 */
mayApprove: boolean, 
/**
 * Why the reader cannot approve it, while it waits for that.
 */
approveRefused: Refusal | null, 
/**
 * Whether the reader may approve it with the recovery kit now.
 */
mayUseKit: boolean, 
/**
 * Whether the reader may carry it out now.
 */
mayCarryOut: boolean, };

export type RequestRow = { 
/**
 * Who.
 */
person: PersonName, 
/**
 * When.
 */
askedAt: number, 
/**
 * Whether the reader may put it away.
 */
mayDismiss: boolean, };

export type Desk = { 
/**
 * Requests, oldest first.
 */
requests: Array<RequestRow>, 
/**
 * Cases, oldest first.
 */
cases: Array<CaseRow>, 
/**
 * What staff check.
 */
checklist: Array<string>, 
/**
 * Whether the reader may change that.
 */
maySetChecklist: boolean, 
/**
 * Who says that something on their account was not them, the oldest first.
 */
reports: Array<ReportView>, 
/**
 * Letters that wait to be handed over, within the communities in which the reader may; absent for whoever may not.
 */
letters: number | null, };

export type Checklist = { 
/**
 * The entries, in their order.
 */
entries: Array<string>, };

export type CaseOpened = { 
/**
 * What it will do: both, where the other way in was changed lately.
 */
act: CaseAct, };

export type SupportAnswers = { 
/**
 * Who asked.
 */
askedBy: string, 
/**
 * The entries of the checklist that hold.
 */
checked: Array<string>, 
/**
 * The reason, or the number of a ticket.
 */
reason: string, 
/**
 * How the code is handed over.
 */
channel: Channel, };

export type ReadDesk = Record<symbol, never>;

export type ReadChecklist = Record<symbol, never>;

export type SetChecklist = { 
/**
 * The entries; empty ones are left out.
 */
entries: Array<string>, 
/**
 * The entries that were changed. Where they are given and no longer stand so, nothing is changed.
 */
was?: Array<string>, };

export type OpenCase = { 
/**
 * About whom.
 */
account: string, 
/**
 * What is asked for.
 */
act: CaseAct, 
/**
 * The new address, where that is what it is about.
 */
email?: string, 
/**
 * The token, where that is what it is about.
 */
token?: string, 
/**
 * What staff filled in.
 */
support: SupportAnswers, 
/**
 * Who asks.
 */
proof: Proof, };

export type ApproveCase = { 
/**
 * Which.
 */
case: string, 
/**
 * Who approves.
 */
proof: Proof, };

export type ApproveCaseByKit = { 
/**
 * Which.
 */
case: string, 
/**
 * The code on the paper, as typed.
 */
code: string, 
/**
 * Who opened it.
 */
proof: Proof, };

export type WithdrawCase = { 
/**
 * Which.
 */
case: string, };

export type CarryOutCase = { 
/**
 * Which.
 */
case: string, 
/**
 * Who does.
 */
proof: Proof, };

export type AskStaff = Record<symbol, never>;

export type DismissRequest = { 
/**
 * Whose.
 */
account: string, 
/**
 * When they asked. Where it is given and they asked again since, nothing is changed.
 */
askedAt?: number, };

export type DrillCall = "locked" | "lost-phone" | "administrator" | "stranger";

export type DrillEnd = "helped" | "handed-on" | "declined";

export type DrillTone = "right" | "too-much" | "missed";

export type DrillFinding = "unlocked" | "reset" | "checked" | "by-phone" | "read-back" | "handed-on" | "declined" | "nothing-changed" | "reset-needless" | "password-code-needless" | "way-in-for-stranger" | "ticked-unproven" | "wrong-person" | "wrong-channel" | "not-unlocked" | "not-reset" | "not-read-back" | "not-heard" | "told-wrong" | "sent-away" | "not-handed-on";

export type DrillView = { 
/**
 * Which call.
 */
call: DrillCall, 
/**
 * Who calls, or says to.
 */
caller: PersonName, 
/**
 * Whom the person at the window plays.
 */
staff: PersonName, 
/**
 * Their password in the sample workspace.
 */
password: string, 
/**
 * What staff check before a reset, in the order in which the caller's answers stand.
 */
checks: Array<string>, 
/**
 * How it went, once it is finished.
 */
verdict: DrillVerdict | null, };

export type DrillVerdict = { 
/**
 * What is said of it.
 */
findings: Array<DrillFound>, 
/**
 * Seconds from the beginning to the end.
 */
seconds: number, };

export type DrillFound = { 
/**
 * How to take it.
 */
tone: DrillTone, 
/**
 * What.
 */
finding: DrillFinding, };

export type DrillCode = { 
/**
 * Six digits.
 */
code: string, 
/**
 * So many seconds more.
 */
seconds: number, };

export type DrillReading = { 
/**
 * At first, with one symbol wrong.
 */
first: string, 
/**
 * Once that has been named.
 */
then: string, };

export type BeginDrill = { 
/**
 * Which call.
 */
call: DrillCall, };

export type ReadDrillCode = Record<symbol, never>;

export type FinishDrill = { 
/**
 * What the caller is told.
 */
end: DrillEnd, };

export type EndDrill = Record<symbol, never>;

export type ReadEvidence = Record<symbol, never>;

export type TakeCheckpoint = Record<symbol, never>;

export type SaveCheckpoint = Record<symbol, never>;

export type PrintCheckpoint = Record<symbol, never>;

export type ProveEntry = { 
/**
 * Which.
 */
index: number, };

export type ExportJournal = { 
/**
 * Only what is by or about this person.
 */
person?: string, 
/**
 * Only what is of this moment or later.
 */
from?: number, 
/**
 * Only what is before this moment.
 */
until?: number, 
/**
 * A checkpoint that somebody kept.
 */
earlier?: string, };

export type VerifyJournal = { 
/**
 * A checkpoint that somebody kept.
 */
earlier?: string, };

export type EvidenceView = { 
/**
 * The public key, as `name+id+key`.
 */
publicKey: string, 
/**
 * How many entries there are.
 */
size: number, 
/**
 * The last checkpoints, newest first.
 */
checkpoints: Array<CheckpointView>, };

export type EvidenceShown = { 
/**
 * What the workspace answered.
 */
evidence: EvidenceView, 
/**
 * The public key as a QR code: a PNG picture, as a data URL.
 */
keyQr: string, 
/**
 * The newest checkpoint as a QR code, likewise; absent where there is none.
 */
checkpointQr: string | null, 
/**
 * The workspace's name, as it stands on the paper.
 */
workspace: string, };

export type CheckpointView = { 
/**
 * How many entries it is of.
 */
size: number, 
/**
 * When it was taken.
 */
at: number, 
/**
 * The signed note: three lines, an empty one, and the signature.
 */
note: string, };

export type EntryProof = { 
/**
 * The entry.
 */
index: number, 
/**
 * How many entries the checkpoint is of that it was proved against.
 */
size: number, 
/**
 * When that was taken.
 */
at: number, 
/**
 * Whether the entry is as it was sealed, and in the tree of the checkpoint.
 */
proved: boolean, };

export type JournalExported = { 
/**
 * Whether a file was written: not when the dialog was left.
 */
kept: boolean, 
/**
 * Its name.
 */
file: string | null, 
/**
 * How many entries are in it.
 */
entries: number, };

export type Verification = { 
/**
 * Whether nothing is wrong.
 */
sound: boolean, 
/**
 * How many entries there are.
 */
entries: number, 
/**
 * Of them, those that whoever asks may not read.
 */
hashes: number, 
/**
 * Of them, those whose persons were erased.
 */
erased: number, 
/**
 * The time of the earliest.
 */
firstAt: number | null, 
/**
 * The time of the latest.
 */
lastAt: number | null, 
/**
 * Whether the journal was found to begin with an earlier checkpoint.
 */
earlier: boolean, 
/**
 * How much is wrong in all.
 */
wrong: number, 
/**
 * What is wrong: the first hundred.
 */
findings: Array<FindingView>, };

export type FindingView = { 
/**
 * What.
 */
kind: FindingKind, 
/**
 * The first number of the sentence.
 */
index: number | null, 
/**
 * The second.
 */
other: number | null, };

export type FindingKind = "unreadable" | "checkpoint" | "changed" | "out-of-order" | "length" | "root" | "undeclared" | "gap" | "rewritten" | "rolled-back";

export type RowVerdict = "added" | "changed" | "same" | "refused";

export type RowReason = "no-email" | "too-many-cells" | "cell-too-long" | "control-character" | "email-invalid" | "twice" | "email-taken" | "name-empty" | "name-too-long" | "role-unknown" | "language-unknown" | "community-missing" | "community-unknown" | "out-of-reach" | "owner-by-hand" | "signed-in" | "not-admitted";

export type MovedBy = "signed-in" | "changed" | "gone";

export type RoleChanged = { 
/**
 * The community's name.
 */
community: string, 
/**
 * The role held; absent where there was none.
 */
before: RoleName | null, 
/**
 * The role given.
 */
after: RoleName, };

export type CheckedRow = { 
/**
 * Where it begins in the file.
 */
line: number, 
/**
 * The name: as it becomes, or as it is written where the row is refused.
 */
name: string, 
/**
 * The e-mail address, likewise.
 */
email: string, 
/**
 * The verdict.
 */
verdict: RowVerdict, 
/**
 * Why it is refused.
 */
reason: RowReason | null, 
/**
 * The line in which the same address stands already.
 */
firstLine: number | null, 
/**
 * The role a new person gets; absent for an owner.
 */
role: RoleName | null, 
/**
 * Whether a new person becomes an owner.
 */
owner: boolean, 
/**
 * The community in which a new person gets it.
 */
community: string | null, 
/**
 * The name that another replaces.
 */
nameBefore: string | null, 
/**
 * The language that they are spoken to from now on, where that changes.
 */
languageAfter: Language | null, 
/**
 * The role that changes.
 */
roleChanged: RoleChanged | null, };

export type RowCounts = { 
/**
 * People added.
 */
added: number, 
/**
 * People changed.
 */
changed: number, 
/**
 * Rows that change nothing.
 */
same: number, 
/**
 * Rows refused.
 */
refused: number, };

export type ImportDone = { 
/**
 * Which one it is from now on.
 */
import: string, 
/**
 * People added.
 */
added: number, 
/**
 * People changed.
 */
changed: number, };

export type Imports = { 
/**
 * At most fifty.
 */
rows: Array<PastImport>, };

export type PastImport = { 
/**
 * Which.
 */
id: string, 
/**
 * Who imported.
 */
by: PersonName, 
/**
 * When.
 */
at: number, 
/**
 * The name of the file.
 */
file: string, 
/**
 * How many rows came to what.
 */
counts: RowCounts, 
/**
 * When it was taken back, if it was.
 */
undoneAt: number | null, 
/**
 * Who took it back.
 */
undoneBy: PersonName | null, 
/**
 * Why it cannot be taken back; absent when it can.
 */
undoRefused: Refusal | null, 
/**
 * Who stands in the way, where somebody does.
 */
heldBy: Holder | null, };

export type Holder = { 
/**
 * Who; absent when they are gone.
 */
person: PersonName | null, 
/**
 * Why.
 */
why: MovedBy, };

export type ListImports = Record<symbol, never>;

export type UndoImport = { 
/**
 * Which.
 */
import: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type ImportKind = "people";

export type FileFault = "unreadable" | "too-large" | "too-many-rows" | "empty" | "spreadsheet" | "utf16" | "not-utf8" | "nul" | "line-too-long" | "unclosed-quote" | "text-after-quote" | "no-header" | "no-email-column" | "heading-twice";

export type ImportDesk = { 
/**
 * Absent before one was chosen.
 */
chosen: ChosenImport | null, };

export type ChosenImport = { 
/**
 * The name of the file.
 */
file: string, 
/**
 * What is imported from it.
 */
kind: ImportKind, 
/**
 * Why it cannot be read; absent when it can.
 */
fault: FileFault | null, 
/**
 * The line that the fault names.
 */
line: number | null, 
/**
 * The heading that the fault names.
 */
heading: string | null, 
/**
 * How many rows come to what.
 */
counts: RowCounts, 
/**
 * Headings that were not recognised; their columns are left out.
 */
ignored: Array<string>, };

export type ImportRows = { 
/**
 * The rows, in the order of the file.
 */
rows: Array<CheckedRow>, 
/**
 * Where the slice begins, among those that were asked for.
 */
from: number, 
/**
 * How many there are of what was asked for.
 */
total: number, };

export type RefusedKept = { 
/**
 * Absent when the dialog was cancelled.
 */
file: string | null, };

export type ChooseImport = { 
/**
 * What is imported from it.
 */
kind: ImportKind, };

export type CheckImportAgain = Record<symbol, never>;

export type DropImport = Record<symbol, never>;

export type ReadImport = Record<symbol, never>;

export type ReadImportRows = { 
/**
 * Only these; all when absent.
 */
verdict?: RowVerdict, 
/**
 * Where to begin.
 */
from: number, };

export type SaveRefusedRows = Record<symbol, never>;

export type CarryOutImport = { 
/**
 * Who asks.
 */
proof: Proof, };

export type SeedFault = "unreadable" | "unknown" | "people-list" | "too-large" | "too-many-entries" | "empty" | "no-mac" | "parameters" | "other-cipher" | "version" | "document-type" | "damaged" | "no-code" | "other-code" | "too-many-pixels" | "again";

export type SeedLock = "passphrase" | "pre-shared";

export type SeedProblem = "other-kind" | "no-secret" | "bad-secret" | "long-secret" | "digits" | "algorithm" | "step" | "counter" | "no-serial" | "not-a-key-link" | "wrong-mac" | "no-mac" | "other-cipher" | "unreadable";

export type SeedDesk = { 
/**
 * The communities whose stock may be filled.
 */
stocks: Array<CommunityName>, 
/**
 * Whether the workspace's own stock may be filled.
 */
stocksWorkspace: boolean, 
/**
 * The files, in the order they were chosen.
 */
files: Array<SeedFileView>, 
/**
 * Exports that come in several pictures: how far each is read.
 */
parts: Array<SeedParts>, 
/**
 * Entries that would be imported.
 */
added: number, 
/**
 * How many of those would be somebody's.
 */
assigned: number, 
/**
 * Entries that would not be.
 */
leftOut: number, };

export type SeedFileView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Why it cannot be read.
 */
fault: SeedFault | null, 
/**
 * The line that the fault names.
 */
line: number | null, 
/**
 * What would open it.
 */
lock: SeedLock | null, 
/**
 * What the file calls that key.
 */
keyName: string | null, 
/**
 * Whether the last one tried was wrong.
 */
wrong: boolean, 
/**
 * How many entries were read.
 */
entries: number, };

export type SeedParts = { 
/**
 * Parts that were read.
 */
read: number, 
/**
 * Parts there are.
 */
size: number, };

export type SeedRows = { 
/**
 * The entries, in the order of the files.
 */
rows: Array<SeedEntry>, 
/**
 * Where the slice begins.
 */
from: number, 
/**
 * How many there are in all.
 */
total: number, };

export type SeedEntry = { 
/**
 * Its line, or its place in its file, from 1.
 */
place: number, 
/**
 * What to call it; may be empty.
 */
name: string, 
/**
 * What would become of it.
 */
verdict: SeedVerdict | null, 
/**
 * Why it cannot be read.
 */
problem: SeedProblem | null, 
/**
 * What the problem names.
 */
detail: string | null, 
/**
 * Time or counter.
 */
kind: TokenKind | null, 
/**
 * Digits of a code.
 */
digits: number | null, 
/**
 * Whose it would be.
 */
person: PersonName | null, };

export type ReadSeeds = { 
/**
 * Whose desk: the stock's, or one's own.
 */
origin: TokenOrigin, };

export type ChooseSeeds = { 
/**
 * What they would become.
 */
origin: TokenOrigin, 
/**
 * Whether they join those on the desk.
 */
beside: boolean, };

export type UnlockSeeds = { 
/**
 * The passphrase; or the pre-shared key in hexadecimal or Base64.
 */
key: string, };

export type DropSeeds = Record<symbol, never>;

export type ReadSeedRows = { 
/**
 * The first.
 */
from: number, };

export type ImportSeeds = { 
/**
 * Whose stock it joins; absent for the workspace's. Ignored for one's own.
 */
community?: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type TokenOrigin = "hardware" | "brought";

export type TokenAlgorithm = "sha1" | "sha256" | "sha512";

export type TokenKind = "time" | "counter";

export type TokenState = "free" | "assigned" | "active" | "retired";

export type SeedVerdict = "new" | "new-for-person" | "here" | "twice" | "secret-too-short" | "secret-too-long" | "digits" | "step" | "too-long" | "new-for-nobody";

export type SeedChecked = { 
/**
 * Its place in the import, from 0.
 */
row: number, 
/**
 * What would become of it.
 */
verdict: SeedVerdict, 
/**
 * The serial number.
 */
serial: string | null, 
/**
 * What it is called elsewhere.
 */
label: string | null, 
/**
 * Who made it.
 */
maker: string | null, 
/**
 * Time or counter.
 */
kind: TokenKind, 
/**
 * Digits of a code.
 */
digits: number, 
/**
 * Whom it would be assigned to.
 */
person: PersonName | null, };

export type TokensChecked = { 
/**
 * The rows, in their order.
 */
rows: Array<SeedChecked>, 
/**
 * How many would be imported.
 */
added: number, 
/**
 * How many of those would be somebody's.
 */
assigned: number, 
/**
 * How many would not be imported.
 */
leftOut: number, 
/**
 * Names exactly this outcome, to be given with the import.
 */
seen: string, };

export type TokensImported = { 
/**
 * Which, for undoing it.
 */
batch: string, 
/**
 * How many tokens it brought.
 */
added: number, 
/**
 * How many of those were assigned.
 */
assigned: number, 
/**
 * How many rows were left out.
 */
leftOut: number, };

export type TokenView = { 
/**
 * Which.
 */
id: string, 
/**
 * Where it comes from.
 */
origin: TokenOrigin, 
/**
 * The serial number.
 */
serial: string | null, 
/**
 * What it was called elsewhere.
 */
label: string | null, 
/**
 * Who made it.
 */
maker: string | null, 
/**
 * Time or counter.
 */
kind: TokenKind, 
/**
 * Digits of a code.
 */
digits: number, 
/**
 * The hash function.
 */
algorithm: TokenAlgorithm, 
/**
 * Seconds of a time step; absent where the code moves with a counter.
 */
stepSeconds: number | null, 
/**
 * Where it stands.
 */
state: TokenState, 
/**
 * Whose it is, or was last where it is free or retired.
 */
holder: PersonName | null, 
/**
 * Since when it stands so.
 */
since: number, 
/**
 * The community whose stock it belongs to; absent for the workspace's.
 */
communityName: string | null, 
/**
 * Which import it came with.
 */
batch: string, };

export type TokensPage = { 
/**
 * The rows.
 */
rows: Array<TokenView>, 
/**
 * Where the next page begins; absent on the last.
 */
next: string | null, 
/**
 * How many match in all.
 */
total: number, 
/**
 * Where the reader may import tokens to, beside the workspace's stock.
 */
stocks: Array<CommunityName>, 
/**
 * Whether the reader may import to the workspace's own stock.
 */
stocksWorkspace: boolean, };

export type OwnToken = { 
/**
 * Which.
 */
id: string, 
/**
 * Where it comes from.
 */
origin: TokenOrigin, 
/**
 * What to call it: maker and serial number, or what it was called elsewhere.
 */
name: string, 
/**
 * Time or counter.
 */
kind: TokenKind, 
/**
 * Digits of a code.
 */
digits: number, };

export type OwnTokens = { 
/**
 * They, the oldest first.
 */
tokens: Array<OwnToken>, };

export type ListTokens = { 
/**
 * Part of a serial number, a maker, or the holder's name or e-mail address; empty for all.
 */
search: string, 
/**
 * Only tokens that stand so.
 */
state?: TokenState, 
/**
 * Only tokens of this person.
 */
account?: string, 
/**
 * `next` of the page before.
 */
after?: string, };

export type AssignToken = { 
/**
 * Which.
 */
token: string, 
/**
 * To whom.
 */
account: string, 
/**
 * Who asks.
 */
proof: Proof, };

export type UnassignToken = { 
/**
 * Which.
 */
token: string, };

export type RetireToken = { 
/**
 * Which.
 */
token: string, };

export type UndoTokenImport = { 
/**
 * Which.
 */
batch: string, };

export type ReadOwnTokens = Record<symbol, never>;

export type ProveToken = { 
/**
 * Which.
 */
token: string, 
/**
 * A code of it.
 */
code: string, 
/**
 * The code after that, where the first alone did not do.
 */
following?: string, 
/**
 * Not asked of somebody who may only enrol.
 */
proof?: Proof, };

export type ResyncToken = { 
/**
 * Whose; absent for oneself.
 */
account?: string, 
/**
 * Which of their authenticators.
 */
authenticator: string, 
/**
 * A code.
 */
first: string, 
/**
 * The code after that.
 */
second: string, };

export type MailSecurity = "starttls" | "tls";

export type NoticeKind = "factor-reset" | "factor-enabled" | "factor-disabled" | "backup-codes-renewed" | "backup-codes-few" | "backup-codes-void" | "password-changed" | "password-code-issued" | "password-code" | "invitation" | "recovery-code-used" | "kit-used" | "owner-recovered" | "unlocked" | "roles-changed" | "deactivated" | "reactivated" | "signed-out-everywhere" | "authenticator-added" | "authenticator-removed" | "token-assigned" | "email-changed" | "second-email-set" | "second-email-removed" | "reported-not-me" | "device-paired" | "offline-code-used" | "offline-code-repeated" | "device-lost" | "test";

export type MailState = "waiting" | "sending" | "sent" | "uncertain" | "failed" | "letter" | "handed-over";

export type MailFailure = "cannot-reach" | "tls" | "refused-password" | "refused-sender" | "refused-address" | "refused-message" | "busy" | "broke-off" | "full" | "password-unreadable" | "too-late" | "overtaken" | "mail-off";

export type MailServerView = { 
/**
 * Host name or address of the server.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * How the connection is protected.
 */
security: MailSecurity, 
/**
 * Who signs in there; absent where nobody does.
 */
user: string | null, 
/**
 * Whether a password is kept. It is never shown.
 */
hasPassword: boolean, 
/**
 * The address that mail comes from.
 */
sender: string, 
/**
 * The name beside it.
 */
senderName: string, 
/**
 * Where answers and questions go.
 */
contact: string | null, 
/**
 * Whether mail is sent.
 */
on: boolean, 
/**
 * When that was last changed.
 */
setAt: number, };

export type MailTest = { 
/**
 * When it was asked for.
 */
at: number, 
/**
 * Where it goes.
 */
address: string, 
/**
 * Where it stands: waiting, sending, sent, uncertain or failed.
 */
state: MailState, 
/**
 * Why it failed.
 */
failure: MailFailure | null, };

export type MailCount = { 
/**
 * Where they stand.
 */
state: MailState, 
/**
 * Why they were not sent the last time, where that was tried.
 */
failure: MailFailure | null, 
/**
 * How many.
 */
count: number, };

export type MailView = { 
/**
 * How mail is sent; absent where it is not set up.
 */
server: MailServerView | null, 
/**
 * The reader's own address, where a test goes.
 */
ownAddress: string, 
/**
 * The reader's last test, for a day.
 */
test: MailTest | null, 
/**
 * All notices of the workspace that are not sent, by state and reason.
 */
counts: Array<MailCount>, };

export type MailTestBegun = { 
/**
 * Where it goes.
 */
address: string, };

export type OutboxPage = { 
/**
 * The notices, newest first.
 */
rows: Array<OutboxRow>, 
/**
 * What `after` is for the next page; absent on the last.
 */
next: string | null, 
/**
 * How many of the reader's communities are not sent, by state and reason: whatever was asked for.
 */
counts: Array<MailCount>, 
/**
 * Whether mail is set up and on.
 */
mailIsOn: boolean, };

export type OutboxRow = { 
/**
 * Which.
 */
id: string, 
/**
 * To whom.
 */
person: PersonName, 
/**
 * At which address.
 */
address: string, 
/**
 * About what.
 */
kind: NoticeKind, 
/**
 * When that happened.
 */
at: number, 
/**
 * Where it stands.
 */
state: MailState, 
/**
 * Since when.
 */
since: number, 
/**
 * How often it was tried.
 */
attempts: number, 
/**
 * When it is tried next, while it waits.
 */
nextAt: number | null, 
/**
 * Why it was not sent the last time.
 */
failure: MailFailure | null, 
/**
 * Whether the reader may have it sent again; while it waits, at once.
 */
mayResend: boolean, 
/**
 * Whether the reader may print it as a letter and note that it was handed over.
 */
mayHandOver: boolean, };

export type ReportView = { 
/**
 * Who says so.
 */
person: PersonName, 
/**
 * When first.
 */
at: number, 
/**
 * When last.
 */
lastAt: number, 
/**
 * How often.
 */
count: number, 
/**
 * The notice that they answered; absent where they pointed at an entry.
 */
notice: NoticeKind | null, 
/**
 * The entry that they pointed at.
 */
entry: number | null, 
/**
 * Whether whoever said so was signed in; a code alone says less.
 */
signedIn: boolean, 
/**
 * Whether the reader may settle it.
 */
maySettle: boolean, };

export type ReadMail = Record<symbol, never>;

export type SetMail = { 
/**
 * Host name or address of the server.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * How the connection is protected.
 */
security: MailSecurity, 
/**
 * Who signs in there; empty for nobody.
 */
user?: string, 
/**
 * The password. Absent keeps the one there is, which only goes to the server and the user it was given for.
 */
password?: string, 
/**
 * The address that mail comes from.
 */
sender: string, 
/**
 * The name beside it; empty for the workspace's.
 */
senderName: string, 
/**
 * Where answers and questions go; empty for nowhere.
 */
contact?: string, 
/**
 * Whether mail is sent.
 */
on: boolean, 
/**
 * Who asks.
 */
proof: Proof, };

export type RemoveMail = { 
/**
 * Who asks.
 */
proof: Proof, };

export type SendTestMail = Record<symbol, never>;

export type ReadOutbox = { 
/**
 * Only those that stand so.
 */
state?: MailState, 
/**
 * Only those to this person.
 */
person?: string, 
/**
 * Where the page begins: [`OutboxPage::next`] of the page before.
 */
after?: string, };

export type ResendNotice = { 
/**
 * Which.
 */
id: string, };

export type ReadLetter = { 
/**
 * Which.
 */
id: string, };

export type HandOverLetter = { 
/**
 * Which.
 */
id: string, };

export type ReportNotMe = { 
/**
 * The code, as typed.
 */
code: string, };

export type ReportEntry = { 
/**
 * Which entry.
 */
entry: number, };

export type SettleReport = { 
/**
 * Who said so.
 */
account: string, 
/**
 * What was found, or done. For the journal.
 */
note: string, };

export type SearchJournal = { 
/**
 * By or about this person.
 */
person?: string, 
/**
 * By this person.
 */
actor?: string, 
/**
 * Of one of these kinds, as their frozen texts; empty for all.
 */
kinds?: Array<string>, 
/**
 * That concerns this community.
 */
community?: string, 
/**
 * Of this moment or later.
 */
since?: number, 
/**
 * Before this moment.
 */
until?: number, 
/**
 * Before this entry: `end` of the first answer, so that the list stands still while the journal grows.
 */
end?: number, 
/**
 * The position of the first row that is asked for, from 0. Past the end there are no rows.
 */
from?: number, 
/**
 * Rows at most: 1 to 100, and 50 where nothing is said.
 */
limit?: number, };

export type JournalFound = { 
/**
 * The entries of this page, newest first.
 */
rows: Array<JournalRow>, 
/**
 * The position of the first, from 0.
 */
from: number, 
/**
 * How many were found in all.
 */
total: number, 
/**
 * How many entries the journal had.
 */
end: number, 
/**
 * Whose entries were asked for.
 */
person: PersonName | null, 
/**
 * The communities within reach, by name.
 */
communities: Array<CommunityName>, };

export type ReadReceipt = Record<symbol, never>;

export type Receipt = { 
/**
 * As which entry; absent where nothing was.
 */
index: number | null, };

export type ReadMyActivity = { 
/**
 * Only entries before this one.
 */
before?: number, };

export type JournalPage = { 
/**
 * The entries, newest first.
 */
rows: Array<JournalRow>, 
/**
 * What `before` is for the next page; absent on the last.
 */
next: number | null, };

export type JournalRow = { 
/**
 * Its place.
 */
index: number, 
/**
 * When.
 */
at: number, 
/**
 * What, as its frozen text: `factor.reset`.
 */
kind: string, 
/**
 * The communities that it concerns.
 */
communities: Array<string>, 
/**
 * Who did it.
 */
actor: PersonName | null, 
/**
 * To whom.
 */
subject: PersonName | null, 
/**
 * Whether its persons part was erased: nobody is named, and there are no words.
 */
erased: boolean, 
/**
 * Words for the sentence.
 */
words: { [key in string]: string }, };

export type Language = "en" | "fr";

export type Theme = "system" | "light" | "dark";

export type Situation = { 
/**
 * The language to speak.
 */
language: Language, 
/**
 * The colours.
 */
theme: Theme, 
/**
 * Minutes until an idle session locks on this computer; none, or more than the workspace's policy, means the policy's.
 */
idleMinutes: number | null, 
/**
 * `--profile`, unless it is the usual one.
 */
profile: string | null, 
/**
 * What this computer is called; empty where it does not say.
 */
computer: string, 
/**
 * The program's version.
 */
version: string, 
/**
 * The workspaces known on this computer, by name.
 */
known: Array<KnownWorkspace>, 
/**
 * The one that is open.
 */
open: OpenWorkspace | null, 
/**
 * What the sheet shows, while it is open.
 */
sheet: SheetKind | null, 
/**
 * Why the window is where it is, said once: a lock, an end of session.
 */
told: Told | null, };

export type KnownWorkspace = { 
/**
 * Its vault.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * When it was last opened here.
 */
openedAt: number | null, 
/**
 * Whether a keyring may open it.
 */
keyring: boolean, 
/**
 * When it was restored from a backup, if it was.
 */
restoredAt: number | null, 
/**
 * The address of the server that it is on; absent for one whose data lies on this computer.
 */
server: string | null, 
/**
 * What this computer called itself there when it was paired.
 */
device: string | null, 
/**
 * The server that it was moving to from here, as this computer remembers it.
 */
movingTo: string | null, 
/**
 * Whether it has arrived there.
 */
moved: boolean, };

export type RemoteState = { 
/**
 * The server's address.
 */
address: string, 
/**
 * Whether it was reached when it was last tried.
 */
connected: boolean, 
/**
 * Since when it stands so.
 */
since: number, 
/**
 * Why it was not reached, where that is more than that nobody answered.
 */
why: RefusalCode | null, 
/**
 * When what can be read without it was last brought up to date; absent where nothing can be.
 */
syncedAt: number | null, 
/**
 * Whether it is read here without the network, and with no session.
 */
alone: boolean, 
/**
 * Why the server is not believed any more: what can be read here stays as it was before.
 */
stopped: Disbelief | null, 
/**
 * How many changes wait here for the server.
 */
waiting: number, 
/**
 * How many of them the server refused, and nobody put aside yet.
 */
refused: number, };

export type Disbelief = "other-key" | "rewritten" | "went-back";

export type OpenWorkspace = { 
/**
 * Its vault.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Who is signed in, and how far.
 */
me: Me | null, 
/**
 * The person to whom the keyboard was handed for a first sign-in.
 */
handedTo: PersonName | null, 
/**
 * The drill for which it was made; absent where people are real.
 */
drill: DrillView | null, 
/**
 * How it stands, for one on a server.
 */
remote: RemoteState | null, 
/**
 * Where it went, or is going, for one that moves away.
 */
away: Away | null, };

export type Told = "locked-idle" | "locked-sleep" | "locked" | "session-ended" | "password-changed" | "factor-disabled" | "restored" | "brought-up-to-date" | "paired" | "device-revoked" | "desk-passphrase" | "opened-by-kit" | "keyring-missing" | "keyring-locked" | "keyring-silent" | "keyring-failed";

export type SheetKind = "enrolment" | "backup-codes" | "invitation" | "recovery" | "recovery-kit" | "password" | "letter" | "pairing";

export type ReadSituation = Record<symbol, never>;

export type CreateWorkspace = { 
/**
 * The language of the workspace, and of the owner.
 */
language: Language, 
/**
 * Its name.
 */
name: string, 
/**
 * The owner's name.
 */
ownerName: string, 
/**
 * The owner's e-mail address.
 */
ownerEmail: string, 
/**
 * The owner's password.
 */
ownerPassword: string, 
/**
 * What opens the vault.
 */
passphrase: string, 
/**
 * Whether this computer's keyring is to open it too. Where none does, the workspace is made all the same, and
 * [`Told`] says so.
 */
keyring: boolean, };

export type OpenVault = { 
/**
 * Which.
 */
id: string, 
/**
 * What opens it.
 */
passphrase: string, };

export type PairWorkspace = { 
/**
 * The server's address, as typed.
 */
address: string, 
/**
 * The pairing code, as typed.
 */
code: string, 
/**
 * What this computer is to be called there; empty for the name that it was invited by.
 */
name: string, 
/**
 * The desk passphrase: what opens here what is kept of the workspace.
 */
passphrase: string, };

export type TryServer = Record<symbol, never>;

export type ReadAlone = Record<symbol, never>;

export type EndReadingAlone = Record<symbol, never>;

export type CloseWorkspace = Record<symbol, never>;

export type SetPreferences = { 
/**
 * The language to speak.
 */
language: Language, 
/**
 * The colours.
 */
theme: Theme, 
/**
 * Minutes until an idle session locks, 1 to 60; none means the workspace's policy.
 */
idleMinutes: number | null, };

export type Quit = Record<symbol, never>;

export type ReadLicences = Record<symbol, never>;

export type Licences = { 
/**
 * Of the program itself.
 */
own: string, 
/**
 * Of others, each text once.
 */
others: Array<LicenceText>, };

export type LicenceText = { 
/**
 * Its name, as in the SPDX list where it is there.
 */
name: string, 
/**
 * Names and versions.
 */
covers: Array<string>, 
/**
 * The text.
 */
text: string, };

export type AcceptHandOver = { 
/**
 * The password that the person chose.
 */
password: string, };

export type DeclineHandOver = Record<symbol, never>;

export type ReadSheet = Record<symbol, never>;

export type VerifyOnSheet = { 
/**
 * The six digits that the new authenticator shows.
 */
code: string, };

export type CopySheet = Record<symbol, never>;

export type SaveSheetAsText = Record<symbol, never>;

export type SaveSheetEncrypted = { 
/**
 * What opens the file.
 */
passphrase: string, };

export type SaveSheetAsPdf = Record<symbol, never>;

export type PrintSheet = Record<symbol, never>;

export type NoteSheetPrinted = Record<symbol, never>;

export type ReadBack = { 
/**
 * What was heard so far.
 */
heard: string, };

export type ReadBackView = { 
/**
 * So many symbols from the first on are right.
 */
right: number, 
/**
 * Of so many.
 */
of: number, 
/**
 * In which group the first wrong symbol stands, from 1; absent when none is wrong.
 */
group: number | null, 
/**
 * At which place of it, from 1.
 */
symbol: number | null, };

export type CloseSheet = Record<symbol, never>;

export type Sheet = { 
/**
 * What kind.
 */
kind: SheetKind, 
/**
 * Language of the window.
 */
language: Language, 
/**
 * Colours of the window.
 */
theme: Theme, 
/**
 * Whom it concerns.
 */
person: PersonName, 
/**
 * The workspace's name.
 */
workspace: string, 
/**
 * When it dies, for what dies.
 */
expiresAt: number | null, 
/**
 * The QR code as a PNG `data:` URL, on an enrolment sheet.
 */
qr: string | null, 
/**
 * The secret to type, in groups of four, on an enrolment sheet.
 */
secret: string | null, 
/**
 * The codes, in groups of five: ten backup codes, or the one that was issued.
 */
codes: string[], 
/**
 * Whether the backup codes were kept somewhere.
 */
saved: boolean, 
/**
 * Whether it cannot be closed before it was kept: the first recovery kit.
 */
mustKeep: boolean, 
/**
 * Whether a drill goes on: it is a sample, and is not to be kept.
 */
drill: boolean, 
/**
 * What the caller in the drill reads back, where there is one code to be read out.
 */
reading: DrillReading | null, 
/**
 * Whether the code goes to its person by mail too.
 */
mailed: boolean, 
/**
 * Whether the server has not heard of the code yet: it was issued out of its reach.
 */
unheard: boolean, 
/**
 * What the letter is about, in its own language.
 */
subject: string | null, 
/**
 * What it says, line by line.
 */
text: string | null, };

export type Kept = { 
/**
 * Whether it was: `false` when the person closed the dialog.
 */
kept: boolean, 
/**
 * The name of the file it went to.
 */
file: string | null, };
