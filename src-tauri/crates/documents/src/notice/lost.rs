//! What is said of a desktop that was lost: to whoever worked at it, to somebody for whom a code was issued there, and to those who
//! administer.

use super::Facts;

/// The subject, the paragraphs, and what to do now.
type Told = (String, Vec<String>, Vec<String>);

pub(super) fn english(facts: &Facts<'_>) -> Told {
    let (at, workspace) = (facts.at, &facts.workspace);
    let device = facts.word("device").map(|device| format!(" “{device}”")).unwrap_or_default();
    let by = facts.word("by");
    let owned = |lines: &[&str]| lines.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    let subject = "A desktop was lost or stolen".to_owned();
    let taken_back = format!(
        "On {at}, an owner of {workspace} said that the desktop{device} was lost or stolen. It was taken back: nobody signs in by it any more, and no recovery code that was issued there without the network, and not used by then, lets anybody in."
    );
    match facts.word("to") {
        Some("issued") => {
            let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
            let yours = format!("You are told because a recovery code was issued for you there{by}. Your password and your authenticator were not on it.");
            (
                subject,
                vec![taken_back, yours],
                owned(&[
                    "If you have a code that you have not used, throw it away. If you still need one, ask staff, in person or on a number that you already had.",
                    "If your second factor was reset and that was not you, tell staff at once.",
                    "Be wary of calls and messages that know about your account: nobody needs your password or a code to look after this.",
                ]),
            )
        }
        Some("staff") => (
            subject,
            vec![
                taken_back,
                "You are told because you worked at it. What you could see there as staff, people, states and journal, may be read by whoever has it and knows its desk passphrase. No password, no authenticator and no code was on it.".into(),
            ],
            owned(&[
                "If you know where it is, or how it went, tell an owner now.",
                "If your password or the desk passphrase was written down beside it, or is used elsewhere, change it everywhere.",
                "To work again, ask an owner for a pairing code for another computer.",
            ]),
        ),
        _ => {
            let whose = by.map(|by| format!(" It was the desktop of {by}.")).unwrap_or_default();
            (
                subject,
                vec![
                    format!("{taken_back}{whose}"),
                    "You are told because you administer people who could be seen there, or for whom a code was issued there. Whoever has it and knows its desk passphrase may read who they are, how their accounts stand, and the journal: no password, no authenticator and no code.".into(),
                ],
                owned(&[
                    "Expect calls and messages that know more than they should: check who asks as you always do, and once more.",
                    "Look at the codes that were issued without the network: in Sallyport, Support desk. Ask whoever came in by one whether that was them.",
                ]),
            )
        }
    }
}

pub(super) fn french(facts: &Facts<'_>) -> Told {
    let (at, workspace) = (facts.at, &facts.workspace);
    let device = facts.word("device").map(|device| format!(" «\u{a0}{device}\u{a0}»")).unwrap_or_default();
    let by = facts.word("by");
    let owned = |lines: &[&str]| lines.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    let subject = "Un ordinateur a été perdu ou volé".to_owned();
    let taken_back = format!(
        "Le {at}, un propriétaire de {workspace} a signalé que l’ordinateur{device} a été perdu ou volé. Il a été révoqué\u{a0}: plus personne ne se connecte par lui, et aucun code de récupération qui y a été émis sans le réseau, et n’avait pas servi, ne laisse entrer personne."
    );
    match facts.word("to") {
        Some("issued") => {
            let by = by.map(|by| format!(" par {by}")).unwrap_or_default();
            let yours = format!("Ce message vous parvient parce qu’un code de récupération y a été émis pour vous{by}. Votre mot de passe et votre authentificateur n’y étaient pas.");
            (
                subject,
                vec![taken_back, yours],
                owned(&[
                    "Si vous avez un code qui n’a pas servi, jetez-le. S’il vous en faut encore un, demandez-le à l’assistance, de vive voix ou à un numéro que vous aviez déjà.",
                    "Si votre second facteur a été réinitialisé et que ce n’était pas vous, dites-le aussitôt à l’assistance.",
                    "Méfiez-vous des appels et des messages qui en savent long sur votre compte\u{a0}: personne n’a besoin de votre mot de passe ni d’un code pour s’en occuper.",
                ]),
            )
        }
        Some("staff") => (
            subject,
            vec![
                taken_back,
                "Ce message vous parvient parce que vous y avez travaillé. Ce que vous pouviez y voir pour l’assistance, personnes, états et journal, peut être lu par qui l’a et connaît la phrase secrète du poste. Aucun mot de passe, aucun authentificateur et aucun code n’y était.".into(),
            ],
            owned(&[
                "Si vous savez où il est, ou comment il a disparu, dites-le maintenant à un propriétaire.",
                "Si votre mot de passe ou la phrase secrète du poste était noté à côté, ou sert ailleurs, changez-le partout.",
                "Pour travailler de nouveau, demandez à un propriétaire un code de jumelage pour un autre ordinateur.",
            ]),
        ),
        _ => {
            let whose = by.map(|by| format!(" C’était l’ordinateur de {by}.")).unwrap_or_default();
            (
                subject,
                vec![
                    format!("{taken_back}{whose}"),
                    "Ce message vous parvient parce que vous administrez des personnes qui pouvaient y être vues, ou pour qui un code y a été émis. Qui l’a et connaît la phrase secrète du poste peut lire qui elles sont, l’état de leurs comptes, et le journal\u{a0}: aucun mot de passe, aucun authentificateur et aucun code.".into(),
                ],
                owned(&[
                    "Attendez-vous à des appels et à des messages qui en savent trop\u{a0}: vérifiez qui demande comme toujours, et une fois de plus.",
                    "Regardez les codes émis sans le réseau\u{a0}: dans Sallyport, Assistance. Demandez à qui est entré par l’un d’eux si c’était bien lui ou elle.",
                ]),
            )
        }
    }
}
