//! The notices in French.

use wire::mail::NoticeKind as Kind;

use super::{Facts, Words, Wrong, lost};

pub(super) const MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

pub(super) fn greeting(name: &str) -> String {
    format!("Bonjour {name},")
}

/// What a kind says: its subject, its paragraphs, and what to do now.
type Told = (String, Vec<String>, Vec<String>);

pub(super) fn words(kind: Kind, facts: &Facts<'_>) -> Words {
    let (subject, paragraphs, steps) = told(kind, facts);
    let code_label = match kind {
        Kind::Invitation => format!("Code d’invitation, valable jusqu’au {}", facts.code_until),
        _ => format!("Code de mot de passe, valable jusqu’au {}", facts.code_until),
    };
    Words { subject, paragraphs, code_label, steps, wrong: wrong(kind, facts), foot: foot(facts) }
}

fn told(kind: Kind, facts: &Facts<'_>) -> Told {
    let (at, workspace) = (facts.at, &facts.workspace);
    let say = |subject: &str, paragraphs: &[&str], steps: &[&str]| -> Told {
        let all = |lines: &[&str]| lines.iter().copied().map(str::to_owned).collect();
        (subject.to_owned(), all(paragraphs), all(steps))
    };
    let again = "Générez-en de nouveaux\u{a0}: dans Sallyport, Profil et sécurité, Codes de secours, Générer de nouveaux codes. Imprimez-les ou enregistrez-les, et gardez-les loin de votre téléphone.";
    match kind {
        Kind::FactorReset => say(
            "Votre authentification à deux facteurs a été réinitialisée",
            &[
                &format!(
                    "Le {at}, l’assistance a réinitialisé l’authentification à deux facteurs de votre compte dans {workspace}. Vos authentificateurs, vos codes de secours et toutes vos sessions ont disparu."
                ),
                "Tant qu’une nouvelle méthode n’est pas configurée, votre mot de passe et un code de récupération ensemble sont la seule entrée. L’assistance vous remet ce code en personne ou par téléphone. Il n’arrive jamais par e-mail.",
            ],
            &[
                "Connectez-vous à Sallyport avec votre adresse e-mail et votre mot de passe.",
                "Quand le code de récupération est demandé, saisissez celui que l’assistance vous a remis.",
                "Configurez un nouvel authentificateur, et gardez les nouveaux codes de secours.",
            ],
        ),
        Kind::FactorEnabled => say(
            "L’authentification à deux facteurs est maintenant active",
            &[&format!(
                "Le {at}, l’authentification à deux facteurs a été activée pour votre compte dans {workspace}. Désormais, se connecter demande votre mot de passe et un code."
            )],
            &["Gardez vos codes de secours en lieu sûr. Ils vous laissent entrer quand le téléphone est perdu."],
        ),
        Kind::FactorDisabled => say(
            "L’authentification à deux facteurs a été désactivée",
            &[&format!(
                "Le {at}, l’authentification à deux facteurs a été désactivée pour votre compte dans {workspace}. Seul votre mot de passe le protège maintenant, et toutes vos sessions ont été fermées."
            )],
            &[
                "Vous pouvez la réactiver à tout moment\u{a0}: dans Sallyport, Profil et sécurité, Authentification à deux facteurs, Activer.",
            ],
        ),
        Kind::BackupCodesRenewed => say(
            "Vos codes de secours ont été remplacés",
            &[&format!(
                "Le {at}, de nouveaux codes de secours ont été générés pour votre compte dans {workspace}. Les précédents ne servent plus."
            )],
            &["Jetez les précédents, où que vous les gardiez."],
        ),
        Kind::BackupCodesFew => {
            let left = match facts.number("left") {
                Some(0) => "Il ne vous reste aucun code de secours.".to_owned(),
                Some(1) => "Il vous reste un code de secours.".to_owned(),
                Some(left) => format!("Il vous reste {left} codes de secours."),
                None => "Il vous reste peu de codes de secours.".to_owned(),
            };
            let used = format!("Le {at}, un de vos codes de secours a servi à se connecter à {workspace}. {left}");
            say("Il reste peu de codes de secours", &[&used], &[again])
        }
        Kind::BackupCodesVoid => say(
            "Vos codes de secours ne servent plus",
            &[&format!(
                "Le {at}, {workspace} a été restauré d’une sauvegarde. On ne sait pas quels codes de secours avaient servi depuis\u{a0}: aucun des précédents n’est plus accepté."
            )],
            &[again],
        ),
        Kind::PasswordChanged => say(
            "Votre mot de passe a été changé",
            &[&format!("Le {at}, le mot de passe de votre compte dans {workspace} a été changé. Toutes vos sessions ont été fermées.")],
            &[],
        ),
        Kind::PasswordCodeIssued => say(
            "Un code de mot de passe a été créé pour vous",
            &[
                &format!(
                    "Le {at}, l’assistance a créé un code qui permet de choisir un nouveau mot de passe pour votre compte dans {workspace}."
                ),
                "L’assistance vous remet ce code en personne ou par téléphone. Il change le mot de passe et rien d’autre\u{a0}: le second facteur reste demandé.",
            ],
            &[],
        ),
        Kind::PasswordCode => say(
            "Votre code de mot de passe",
            &[
                &format!(
                    "Le {at}, un code a été demandé, qui permet de choisir un nouveau mot de passe pour votre compte dans {workspace}. Il ne sert qu’une fois."
                ),
                "Il change le mot de passe et rien d’autre\u{a0}: le second facteur reste demandé.",
            ],
            &[
                "Sur la page de connexion de Sallyport, choisissez «\u{a0}Mot de passe oublié\u{a0}?\u{a0}».",
                "Saisissez le code et un nouveau mot de passe.",
            ],
        ),
        Kind::Invitation if facts.has_code => say(
            "Vous avez une invitation",
            &[&format!("Le {at}, un compte a été créé pour vous dans {workspace}. Le code ci-dessous l’ouvre, une seule fois.")],
            &[
                "Sur la page de connexion de Sallyport, choisissez «\u{a0}J’ai une invitation\u{a0}».",
                "Saisissez le code et choisissez un mot de passe.",
                "Configurez l’authentification à deux facteurs quand elle vous est proposée. Il faut une application d’authentification sur votre téléphone.",
            ],
        ),
        Kind::Invitation => say(
            "Vous avez une invitation",
            &[&format!(
                "Le {at}, un compte a été créé pour vous dans {workspace}. Votre administrateur vous remet le code d’invitation qui l’ouvre."
            )],
            &["Sur la page de connexion de Sallyport, choisissez «\u{a0}J’ai une invitation\u{a0}»."],
        ),
        Kind::RecoveryCodeUsed => say(
            "Votre code de récupération a servi",
            &[&format!(
                "Le {at}, le code de récupération de votre compte dans {workspace} a servi, et une nouvelle méthode d’authentification à deux facteurs a été configurée."
            )],
            &[],
        ),
        Kind::KitUsed => say(
            "Le kit de récupération a servi",
            &[
                &format!(
                    "Le {at}, le kit de récupération de {workspace} a servi. Qui le tient peut ouvrir l’espace de travail et agir comme son propriétaire."
                ),
                "Ce message vous parvient parce que vous administrez cet espace de travail.",
            ],
            &[
                "Demandez aux propriétaires qui s’en est servi, et pourquoi.",
                "Si personne ne le sait, faites remplacer le kit aussitôt et parcourez le journal\u{a0}: dans Sallyport, Journal.",
            ],
        ),
        Kind::OwnerRecovered => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "un propriétaire".to_owned(),
            };
            say(
                "Un propriétaire a été réadmis",
                &[
                    &format!(
                        "Le {at}, la personne qui s’occupe du serveur de {workspace} a donné à {who} des codes pour rentrer, sans mot de passe ni second facteur."
                    ),
                    "Ce message vous parvient parce que vous administrez cet espace de travail.",
                ],
                &["Demandez à ce propriétaire s’il l’a voulu, de vive voix ou à un numéro que vous aviez déjà."],
            )
        }
        Kind::OfflineCodeUsed => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "quelqu’un".to_owned(),
            };
            let by = facts.word("by").unwrap_or("l’assistance");
            let device = facts.word("device").map(|device| format!(", sur l’ordinateur «\u{a0}{device}\u{a0}»")).unwrap_or_default();
            say(
                "Un code de récupération émis sans le réseau a servi",
                &[
                    &format!(
                        "Le {at}, {who} s’est servi dans {workspace} d’un code de récupération que {by} avait émis pendant que le serveur n’était pas joint{device}. Son authentification à deux facteurs a été réinitialisée par ce code."
                    ),
                    "Ce message vous parvient parce que vous avez émis ce code, ou parce que vous administrez cet espace de travail.",
                ],
                &[
                    "Si la personne qui l’a émis le confirme, il n’y a rien à faire.",
                    "Sinon, faites révoquer cet appareil aussitôt par un propriétaire\u{a0}: dans Sallyport, Appareils. Réinitialisez ensuite de nouveau l’authentification à deux facteurs de la personne.",
                ],
            )
        }
        Kind::OfflineCodeRepeated => {
            let who = facts.word("name").unwrap_or("L’assistance");
            let device = facts.word("device").map(|device| format!(" sur l’ordinateur «\u{a0}{device}\u{a0}»")).unwrap_or_default();
            say(
                "Le numéro d’un code de récupération est venu deux fois",
                &[
                    &format!(
                        "Le {at}, un code de récupération a été refusé dans {workspace}, parce qu’un autre du même numéro avait déjà servi. {who} émet des codes{device} pendant que le serveur n’est pas joint, et chacun a son propre numéro. Qu’un numéro vienne deux fois veut dire que les fichiers de cet ordinateur ont peut-être été copiés, ou remis d’une sauvegarde plus ancienne."
                    ),
                    "Ce message vous parvient parce que vous êtes propriétaire de cet espace de travail.",
                ],
                &[
                    "Demandez à la personne de cet ordinateur s’il a été restauré d’une sauvegarde, de vive voix ou à un numéro que vous aviez déjà.",
                    "Si ce n’est pas le cas, ou si personne ne le sait, révoquez-le aussitôt\u{a0}: dans Sallyport, Appareils. Plus aucun de ses codes ne laisse entrer personne.",
                    "Parcourez les codes qui y ont été émis\u{a0}: dans Sallyport, Assistance.",
                ],
            )
        }
        Kind::DeviceLost => lost::french(facts),
        Kind::DevicePaired => say(
            "Un appareil a été jumelé",
            &[
                &format!(
                    "Le {at}, un ordinateur a été jumelé avec {workspace}{}. Qui s’y installe se connecte toujours avec son mot de passe et son second facteur.",
                    facts.word("name").map(|name| format!("\u{a0}: «\u{a0}{name}\u{a0}»")).unwrap_or_default()
                ),
                "Ce message vous parvient parce que vous êtes propriétaire de cet espace de travail.",
            ],
            &["Si aucun propriétaire ne s’y attendait, révoquez-le aussitôt\u{a0}: dans Sallyport, Appareils."],
        ),
        Kind::Unlocked => say(
            "Votre compte a été déverrouillé",
            &[&format!("Le {at}, l’assistance a déverrouillé votre compte dans {workspace}. Vous pouvez de nouveau vous connecter.")],
            &[],
        ),
        Kind::RolesChanged => say(
            "Vos rôles ont changé",
            &[&format!(
                "Le {at}, ce que vous pouvez faire dans {workspace} a changé. Vos rôles figurent dans Sallyport, sous Profil et sécurité."
            )],
            &[],
        ),
        Kind::Deactivated => say(
            "Votre compte a été désactivé",
            &[&format!(
                "Le {at}, votre compte dans {workspace} a été désactivé et toutes vos sessions ont été fermées. Personne ne peut s’y connecter avant qu’il soit réactivé."
            )],
            &[],
        ),
        Kind::Reactivated => say(
            "Votre compte a été réactivé",
            &[&format!("Le {at}, votre compte dans {workspace} a été réactivé. Vous pouvez de nouveau vous connecter.")],
            &[],
        ),
        Kind::SignedOutEverywhere => say(
            "Toutes vos sessions ont été fermées",
            &[&format!(
                "Le {at}, toutes les sessions de votre compte dans {workspace} ont été fermées. Reconnectez-vous là où vous en avez besoin."
            )],
            &[],
        ),
        Kind::AuthenticatorAdded => {
            let which = facts
                .word("name")
                .map_or_else(|| "un authentificateur".to_owned(), |name| format!("l’authentificateur «\u{a0}{name}\u{a0}»"));
            say(
                "Un authentificateur a été ajouté",
                &[&format!(
                    "Le {at}, {which} a été ajouté à votre compte dans {workspace}. Ses codes ouvrent votre compte avec votre mot de passe."
                )],
                &[],
            )
        }
        Kind::AuthenticatorRemoved => {
            let which = facts
                .word("name")
                .map_or_else(|| "un authentificateur".to_owned(), |name| format!("l’authentificateur «\u{a0}{name}\u{a0}»"));
            say(
                "Un authentificateur a été retiré",
                &[&format!("Le {at}, {which} a été retiré de votre compte dans {workspace}. Ses codes n’y servent plus.")],
                &[],
            )
        }
        Kind::TokenAssigned => say(
            "Un jeton vous a été attribué",
            &[&format!(
                "Le {at}, l’assistance a attribué un jeton à votre compte dans {workspace}. Il sert dès que vous avez prouvé que vous le tenez."
            )],
            &["Dans Sallyport, ouvrez Profil et sécurité et saisissez un code du jeton."],
        ),
        Kind::EmailChanged => {
            let to = facts.word("email").map_or_else(String::new, |email| format!("\u{a0}: {email}"));
            say(
                "Votre adresse e-mail a été changée",
                &[
                    &format!(
                        "Le {at}, l’adresse e-mail de votre compte dans {workspace} a été changée{to}. Désormais, vous vous connectez avec la nouvelle."
                    ),
                    "Ce message part à l’ancienne adresse et à la nouvelle.",
                ],
                &[],
            )
        }
        Kind::SecondEmailSet => {
            let to = facts.word("email").map_or_else(String::new, |email| format!("\u{a0}: {email}"));
            say(
                "Une seconde adresse a été définie",
                &[&format!(
                    "Le {at}, une seconde adresse a été définie pour votre compte dans {workspace}{to}. Les messages comme celui-ci y vont aussi. Personne ne peut se connecter avec elle, et aucun code n’y est envoyé."
                )],
                &[],
            )
        }
        Kind::SecondEmailRemoved => say(
            "Votre seconde adresse a été retirée",
            &[&format!("Le {at}, la seconde adresse de votre compte dans {workspace} a été retirée. Les messages n’y vont plus.")],
            &[],
        ),
        Kind::ReportedNotMe => {
            let who = match (facts.word("name"), facts.word("email")) {
                (Some(name), Some(email)) => format!("{name} ({email})"),
                (Some(one), None) | (None, Some(one)) => one.to_owned(),
                (None, None) => "quelqu’un".to_owned(),
            };
            say(
                "Quelqu’un dit\u{a0}: ce n’était pas moi",
                &[
                    &format!("Le {at}, {who} a signalé ne pas être à l’origine de quelque chose sur son compte dans {workspace}."),
                    "Ce message vous parvient parce que vous administrez cet espace de travail.",
                ],
                &[
                    "Appelez cette personne, à un numéro que vous aviez déjà.",
                    "Regardez ce qui s’est passé\u{a0}: dans Sallyport, Assistance.",
                    "S’il le faut, réinitialisez son authentification à deux facteurs et faites-lui choisir un nouveau mot de passe.",
                ],
            )
        }
        Kind::Test => say(
            "Essai",
            &[&format!("Le {at}, cet essai a été envoyé depuis {workspace}. Si vous le lisez, Sallyport peut envoyer des e-mails.")],
            &[],
        ),
    }
}

fn wrong(kind: Kind, facts: &Facts<'_>) -> Wrong {
    let contact = facts.contact.as_ref().map(|contact| format!("Vous pouvez aussi écrire à {contact}."));
    let with = |line: &str| [Some(line.to_owned()), contact.clone()].into_iter().flatten().collect();
    if let Some(until) = facts.report_until {
        return Wrong {
            heading: "Si ce n’était pas vous".into(),
            before_code: Some(format!(
                "Dites-le aussitôt\u{a0}: sur la page de connexion de Sallyport, choisissez «\u{a0}Un message qui ne vient pas de vous\u{a0}?\u{a0}» et saisissez ce code. Il n’ouvre rien\u{a0}; il avertit l’assistance, qui veille alors sur votre compte. Valable jusqu’au {until}."
            )),
            after_code: with(
                "Puis appelez votre administrateur, ou allez le voir\u{a0}: à un numéro que vous aviez déjà, pas à celui d’un message.",
            ),
        };
    }
    match kind {
        Kind::PasswordCode => Wrong {
            heading: "Si vous ne l’avez pas demandé".into(),
            before_code: None,
            after_code: with("Ne donnez le code à personne, et prévenez votre administrateur. S’il ne sert pas, il expire de lui-même."),
        },
        Kind::Invitation => Wrong {
            heading: "Si vous ne savez pas ce que c’est".into(),
            before_code: None,
            after_code: with("Ne donnez le code à personne, et demandez à qui s’occupe de Sallyport là où vous travaillez."),
        },
        Kind::Test => Wrong {
            heading: "Si vous ne l’avez pas demandé".into(),
            before_code: None,
            after_code: with("Quelqu’un qui administre l’espace de travail en essaie les e-mails. Vous n’avez rien à faire."),
        },
        Kind::KitUsed
        | Kind::OwnerRecovered
        | Kind::ReportedNotMe
        | Kind::DevicePaired
        | Kind::OfflineCodeUsed
        | Kind::OfflineCodeRepeated
        | Kind::DeviceLost => Wrong {
            heading: "Si vous avez des questions".into(),
            before_code: None,
            after_code: with("Parlez à un propriétaire de l’espace de travail, en personne ou par téléphone."),
        },
        _ => Wrong {
            heading: "Si ce n’était pas vous".into(),
            before_code: None,
            after_code: with(
                "Appelez aussitôt votre administrateur, ou allez le voir\u{a0}: à un numéro que vous aviez déjà, pas à celui d’un message.",
            ),
        },
    }
}

fn foot(facts: &Facts<'_>) -> Vec<String> {
    vec![
        format!("Ce message est pour {} et concerne {} dans Sallyport.", facts.address, facts.workspace),
        "Personne de ceux qui s’occupent de Sallyport ne vous demandera jamais un mot de passe ni un code.".into(),
    ]
}
