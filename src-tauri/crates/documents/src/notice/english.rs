//! The notices in English.

use wire::mail::NoticeKind as Kind;

use super::{Facts, Words, Wrong, lost};

pub(super) const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

pub(super) fn greeting(name: &str) -> String {
    format!("Hello {name},")
}

/// What a kind says: its subject, its paragraphs, and what to do now.
type Told = (String, Vec<String>, Vec<String>);

pub(super) fn words(kind: Kind, facts: &Facts<'_>) -> Words {
    let (subject, paragraphs, steps) = told(kind, facts);
    let code_label = match kind {
        Kind::Invitation => format!("Invitation code, valid until {}", facts.code_until),
        _ => format!("Password code, valid until {}", facts.code_until),
    };
    Words { subject, paragraphs, code_label, steps, wrong: wrong(kind, facts), foot: foot(facts) }
}

fn told(kind: Kind, facts: &Facts<'_>) -> Told {
    let (at, workspace) = (facts.at, &facts.workspace);
    let say = |subject: &str, paragraphs: &[&str], steps: &[&str]| -> Told {
        let all = |lines: &[&str]| lines.iter().copied().map(str::to_owned).collect();
        (subject.to_owned(), all(paragraphs), all(steps))
    };
    let again = "Generate new ones: in Sallyport, Profile and security, Backup codes, Generate new codes. Print or save them, and keep them away from your phone.";
    match kind {
        Kind::FactorReset => say(
            "Your two-factor authentication was reset",
            &[
                &format!(
                    "On {at}, staff reset the two-factor authentication of your account in {workspace}. Your authenticators, your backup codes and all your sessions are gone."
                ),
                "Until you set up a new method, your password and a recovery code together are the only way in. Staff give you that code in person or by telephone. It never comes by e-mail.",
            ],
            &[
                "Sign in to Sallyport with your e-mail address and your password.",
                "When the recovery code is asked for, type the one that staff gave you.",
                "Set up a new authenticator, and keep the new backup codes.",
            ],
        ),
        Kind::FactorEnabled => say(
            "Two-factor authentication is now active",
            &[&format!(
                "On {at}, two-factor authentication was enabled on your account in {workspace}. From now on, signing in takes your password and a code."
            )],
            &["Keep your backup codes in a safe place. They let you in when your phone is lost."],
        ),
        Kind::FactorDisabled => say(
            "Two-factor authentication was disabled",
            &[&format!(
                "On {at}, two-factor authentication was disabled on your account in {workspace}. Only your password protects it now, and all your sessions were ended."
            )],
            &["You can enable it again at any time: in Sallyport, Profile and security, Two-factor authentication, Enable."],
        ),
        Kind::BackupCodesRenewed => say(
            "Your backup codes were replaced",
            &[&format!("On {at}, new backup codes were generated for your account in {workspace}. The earlier ones no longer work.")],
            &["Throw the earlier ones away, wherever you keep them."],
        ),
        Kind::BackupCodesFew => {
            let left = match facts.number("left") {
                Some(0) => "You have no backup code left.".to_owned(),
                Some(1) => "You have one backup code left.".to_owned(),
                Some(left) => format!("You have {left} backup codes left."),
                None => "You have few backup codes left.".to_owned(),
            };
            let used = format!("On {at}, one of your backup codes was used to sign in to {workspace}. {left}");
            say("Few backup codes are left", &[&used], &[again])
        }
        Kind::BackupCodesVoid => say(
            "Your backup codes no longer work",
            &[&format!(
                "On {at}, {workspace} was restored from a backup. Which backup codes had been used since then is not known, so none of the earlier ones is accepted any more."
            )],
            &[again],
        ),
        Kind::PasswordChanged => say(
            "Your password was changed",
            &[&format!("On {at}, the password of your account in {workspace} was changed. All your sessions were ended.")],
            &[],
        ),
        Kind::PasswordCodeIssued => say(
            "A password code was issued for you",
            &[
                &format!("On {at}, staff issued a code with which you can choose a new password for your account in {workspace}."),
                "Staff give you the code in person or by telephone. It changes the password and nothing else: your second factor is still asked for.",
            ],
            &[],
        ),
        Kind::PasswordCode => say(
            "Your password code",
            &[
                &format!(
                    "On {at}, a code was asked for with which you can choose a new password for your account in {workspace}. It works once."
                ),
                "It changes the password and nothing else: your second factor is still asked for.",
            ],
            &["On the sign-in page of Sallyport, choose “Forgotten password?”.", "Type the code and a new password."],
        ),
        Kind::Invitation if facts.has_code => say(
            "You are invited",
            &[&format!("On {at}, an account in {workspace} was made for you. The code below opens it, once.")],
            &[
                "On the sign-in page of Sallyport, choose “I have an invitation”.",
                "Type the code, and choose a password.",
                "Set up two-factor authentication when it is offered. You need an authenticator app on your phone.",
            ],
        ),
        Kind::Invitation => say(
            "You are invited",
            &[&format!(
                "On {at}, an account in {workspace} was made for you. Your administrator gives you the invitation code that opens it."
            )],
            &["On the sign-in page of Sallyport, choose “I have an invitation”."],
        ),
        Kind::RecoveryCodeUsed => say(
            "Your recovery code was used",
            &[&format!(
                "On {at}, the recovery code of your account in {workspace} was used, and a new method of two-factor authentication was set up with it."
            )],
            &[],
        ),
        Kind::KitUsed => say(
            "The recovery kit was used",
            &[
                &format!(
                    "On {at}, the recovery kit of {workspace} was used. Whoever holds it can open the workspace and act as its owner."
                ),
                "You are told because you administer this workspace.",
            ],
            &[
                "Ask the owners who used it, and why.",
                "If nobody knows, have the kit replaced at once and look through the journal: in Sallyport, Journal.",
            ],
        ),
        Kind::OwnerRecovered => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "an owner".to_owned(),
            };
            say(
                "An owner was let in again",
                &[
                    &format!(
                        "On {at}, whoever runs the server of {workspace} gave {who} codes to come in again, without password and second factor."
                    ),
                    "You are told because you administer this workspace.",
                ],
                &["Ask that owner whether they wanted this, in person or on a number that you already had."],
            )
        }
        Kind::OfflineCodeUsed => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "somebody".to_owned(),
            };
            let by = facts.word("by").unwrap_or("staff");
            let device = facts.word("device").map(|device| format!(", at the desktop “{device}”")).unwrap_or_default();
            say(
                "A recovery code issued without the network was used",
                &[
                    &format!(
                        "On {at}, {who} used a recovery code in {workspace} that {by} had issued while the server was not reached{device}. Their two-factor authentication was reset with it."
                    ),
                    "You are told because you issued the code, or administer this workspace.",
                ],
                &[
                    "If whoever issued it knows of it, there is nothing to do.",
                    "If not, have an owner revoke that device at once: in Sallyport, Devices. Then reset the two-factor authentication of that person again.",
                ],
            )
        }
        Kind::OfflineCodeRepeated => {
            let who = facts.word("name").unwrap_or("Staff");
            let device = facts.word("device").map(|device| format!(" at the desktop “{device}”")).unwrap_or_default();
            say(
                "The number of a recovery code came twice",
                &[
                    &format!(
                        "On {at}, a recovery code was refused in {workspace}, because another with the same number had been used before. {who} issues codes{device} while the server is not reached, and each has a number of its own. That a number comes twice means that the files of that desktop may have been copied, or put back from an older backup."
                    ),
                    "You are told because you are an owner of this workspace.",
                ],
                &[
                    "Ask whose desktop it is whether it was restored from a backup, in person or on a number that you already had.",
                    "If not, or if nobody knows, revoke it at once: in Sallyport, Devices. None of its codes lets anybody in any more.",
                    "Look through the codes that were issued there: in Sallyport, Support desk.",
                ],
            )
        }
        Kind::DeviceLost => lost::english(facts),
        Kind::DevicePaired => say(
            "A device was paired",
            &[
                &format!(
                    "On {at}, a desktop was paired with {workspace}{}. Whoever sits at it still signs in with password and second factor.",
                    facts.word("name").map(|name| format!(": “{name}”")).unwrap_or_default()
                ),
                "You are told because you are an owner of this workspace.",
            ],
            &["If no owner expected it, revoke it at once: in Sallyport, Devices."],
        ),
        Kind::Unlocked => say(
            "Your account was unlocked",
            &[&format!("On {at}, staff unlocked your account in {workspace}. You can sign in again.")],
            &[],
        ),
        Kind::RolesChanged => say(
            "Your roles were changed",
            &[&format!("On {at}, what you may do in {workspace} was changed. Your roles stand in Sallyport under Profile and security.")],
            &[],
        ),
        Kind::Deactivated => say(
            "Your account was deactivated",
            &[&format!(
                "On {at}, your account in {workspace} was deactivated, and all your sessions were ended. Nobody can sign in to it until it is reactivated."
            )],
            &[],
        ),
        Kind::Reactivated => say(
            "Your account was reactivated",
            &[&format!("On {at}, your account in {workspace} was reactivated. You can sign in again.")],
            &[],
        ),
        Kind::SignedOutEverywhere => say(
            "All your sessions were ended",
            &[&format!("On {at}, all sessions of your account in {workspace} were ended. Sign in again where you need it.")],
            &[],
        ),
        Kind::AuthenticatorAdded => {
            let which = facts.word("name").map_or_else(|| "an authenticator".to_owned(), |name| format!("the authenticator “{name}”"));
            say(
                "An authenticator was added",
                &[&format!(
                    "On {at}, {which} was added to your account in {workspace}. Its codes open your account together with your password."
                )],
                &[],
            )
        }
        Kind::AuthenticatorRemoved => {
            let which = facts.word("name").map_or_else(|| "an authenticator".to_owned(), |name| format!("the authenticator “{name}”"));
            say(
                "An authenticator was removed",
                &[&format!("On {at}, {which} was removed from your account in {workspace}. Its codes no longer work there.")],
                &[],
            )
        }
        Kind::TokenAssigned => say(
            "A token was assigned to you",
            &[&format!("On {at}, staff assigned a token to your account in {workspace}. It works once you have proved that you hold it.")],
            &["In Sallyport, open Profile and security and type a code of the token."],
        ),
        Kind::EmailChanged => {
            let to = facts.word("email").map_or_else(String::new, |email| format!(" to {email}"));
            say(
                "Your e-mail address was changed",
                &[
                    &format!(
                        "On {at}, the e-mail address of your account in {workspace} was changed{to}. From now on you sign in with the new one."
                    ),
                    "This is told to the earlier address and to the new one.",
                ],
                &[],
            )
        }
        Kind::SecondEmailSet => {
            let to = facts.word("email").map_or_else(String::new, |email| format!(": {email}"));
            say(
                "A second address was set",
                &[&format!(
                    "On {at}, a second address was set for your account in {workspace}{to}. Notices like this one go there too. Nobody can sign in with it, and no code is sent there."
                )],
                &[],
            )
        }
        Kind::SecondEmailRemoved => say(
            "Your second address was removed",
            &[&format!("On {at}, the second address of your account in {workspace} was removed. Notices no longer go there.")],
            &[],
        ),
        Kind::ReportedNotMe => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "Somebody".to_owned(),
            };
            say(
                "Somebody says: this was not me",
                &[
                    &format!("On {at}, {who} said of something on their account in {workspace} that it was not them."),
                    "You are told because you administer this workspace.",
                ],
                &[
                    "Call them, on a number that you already had.",
                    "Look at what happened: in Sallyport, Support desk.",
                    "Where needed, reset their two-factor authentication and have them choose a new password.",
                ],
            )
        }
        Kind::Test => {
            say("Test", &[&format!("On {at}, this test was sent from {workspace}. If you can read it, Sallyport can send mail.")], &[])
        }
    }
}

fn wrong(kind: Kind, facts: &Facts<'_>) -> Wrong {
    let contact = facts.contact.as_ref().map(|contact| format!("You can also write to {contact}."));
    let with = |line: &str| [Some(line.to_owned()), contact.clone()].into_iter().flatten().collect();
    if let Some(until) = facts.report_until {
        return Wrong {
            heading: "If this was not you".into(),
            before_code: Some(format!(
                "Say so at once: on the sign-in page of Sallyport, choose “Got a message that was not you?” and type this code. It opens nothing; it tells staff to look after your account. Valid until {until}."
            )),
            after_code: with("Then call your administrator, or go and see them: on a number that you already had, not one from a message."),
        };
    }
    match kind {
        Kind::PasswordCode => Wrong {
            heading: "If you did not ask for it".into(),
            before_code: None,
            after_code: with("Give the code to nobody, and tell your administrator. Unused, it ends by itself."),
        },
        Kind::Invitation => Wrong {
            heading: "If you do not know what this is".into(),
            before_code: None,
            after_code: with("Give the code to nobody, and ask whoever looks after Sallyport where you work."),
        },
        Kind::Test => Wrong {
            heading: "If you did not ask for it".into(),
            before_code: None,
            after_code: with("Somebody who administers the workspace tries its mail. There is nothing for you to do."),
        },
        Kind::KitUsed
        | Kind::OwnerRecovered
        | Kind::ReportedNotMe
        | Kind::DevicePaired
        | Kind::OfflineCodeUsed
        | Kind::OfflineCodeRepeated
        | Kind::DeviceLost => Wrong {
            heading: "If you have questions".into(),
            before_code: None,
            after_code: with("Speak to an owner of the workspace, in person or by telephone."),
        },
        _ => Wrong {
            heading: "If this was not you".into(),
            before_code: None,
            after_code: with(
                "Call your administrator at once, or go and see them: on a number that you already had, not one from a message.",
            ),
        },
    }
}

fn foot(facts: &Facts<'_>) -> Vec<String> {
    vec![
        format!("This is for {} and concerns {} in Sallyport.", facts.address, facts.workspace),
        "Nobody who looks after Sallyport will ever ask you for a password or a code.".into(),
    ]
}
