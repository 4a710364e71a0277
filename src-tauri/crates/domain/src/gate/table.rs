//! The table of who may do what to whom. It is written by hand and says the same as [`super::may`]: a test plays every
//! cell, and `docs/ROLES.md` is printed from here.

use crate::id::CommunityId;

use super::{Act, Role, Standing};

/// The community that the actors of the table hold their role in.
pub const HERE: CommunityId = CommunityId(uuid::Uuid::from_u128(0x4e7e));
/// Another one.
pub const ELSEWHERE: CommunityId = CommunityId(uuid::Uuid::from_u128(0xe15e));

/// Who acts: the columns of a table within one act.
pub const ACTORS: [&str; 5] = ["owner", "administrator", "support", "member", "no role"];
/// To whom: the columns of a line.
pub const TARGETS: [&str; 8] = [
    "oneself",
    "member",
    "support",
    "administrator",
    "owner",
    "member here, administrator elsewhere",
    "administrator until lately",
    "member elsewhere",
];
/// Where: the columns of a line about a place.
pub const PLACES: [&str; 2] = ["here", "elsewhere"];

/// How the act of a line is made.
#[derive(Clone, Copy, Debug)]
pub enum Makes {
    /// It is about nobody and no place: one cell.
    Alone(Act<'static>),
    /// In a community: a cell for each of [`PLACES`].
    In(fn(CommunityId) -> Act<'static>),
    /// On a person: a cell for each of [`TARGETS`].
    On(for<'a> fn(Standing<'a>) -> Act<'a>),
}

/// One act, and for each of [`ACTORS`] its cells. `yes`, `no` (told like somebody unknown), `self` (nobody does this to
/// themselves), `two` (it takes two people).
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// In words.
    pub words: &'static str,
    /// The act.
    pub makes: Makes,
    /// The cells, by actor.
    pub cells: [&'static str; 5],
}

impl Line {
    /// The name of its act.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let somebody = Standing { id: crate::id::AccountId(uuid::Uuid::nil()), owner: false, memberships: &[], lately_privileged: false };
        match self.makes {
            Makes::Alone(act) => act.name(),
            Makes::In(act) => act(HERE).name(),
            Makes::On(act) => act(somebody).name(),
        }
    }
}

const fn line(words: &'static str, makes: Makes, cells: [&'static str; 5]) -> Line {
    Line { words, makes, cells }
}

/// The table.
#[rustfmt::skip]
#[expect(clippy::redundant_closure, reason = "a variant is a function for one lifetime, and a cell wants one for every lifetime")]
pub const TABLE: &[Line] = &[
    line("List and search people, within one's communities", Makes::Alone(Act::ListPeople), ["yes", "yes", "yes", "no", "no"]),
    line("Read the journal, within one's communities", Makes::Alone(Act::ReadJournal), ["yes", "yes", "no", "no", "no"]),
    line("Take a list of people out of the program, within one's communities", Makes::Alone(Act::ExportPeople), ["yes", "yes", "no", "no", "no"]),
    line("Import people from a list, within one's communities", Makes::Alone(Act::Import), ["yes", "yes", "no", "no", "no"]),
    line("Change how the vault opens", Makes::Alone(Act::KeepVault), ["yes", "no", "no", "no", "no"]),
    line("Make, rename and remove communities", Makes::Alone(Act::KeepCommunities), ["yes", "no", "no", "no", "no"]),
    line("Change the workspace's policy", Makes::Alone(Act::SetPolicy), ["yes", "no", "no", "no", "no"]),
    line("Add an owner", Makes::Alone(Act::InviteOwner), ["yes", "no", "no", "no", "no"]),
    line("Set up how mail is sent", Makes::Alone(Act::KeepMail), ["yes", "no", "no", "no", "no"]),
    line("Invite, list and revoke devices of a server's workspace", Makes::Alone(Act::KeepDevices), ["yes", "no", "no", "no", "no"]),
    line("Read the outbox, within one's communities", Makes::Alone(Act::ReadOutbox), ["yes", "yes", "no", "no", "no"]),
    line("Tighten a community's policy", Makes::In(Act::TightenPolicy), ["yes yes", "yes no", "no no", "no no", "no no"]),
    line("Add a member", Makes::In(|at| Act::Invite(Role::Member, at)), ["yes yes", "yes no", "no no", "no no", "no no"]),
    line("Add support staff", Makes::In(|at| Act::Invite(Role::Support, at)), ["yes yes", "yes no", "no no", "no no", "no no"]),
    line("Add an administrator", Makes::In(|at| Act::Invite(Role::Administrator, at)), ["yes yes", "no no", "no no", "no no", "no no"]),
    line("Keep the workspace's own stock of tokens", Makes::Alone(Act::KeepWorkspaceTokens), ["yes", "no", "no", "no", "no"]),
    line("Keep a community's stock of tokens", Makes::In(Act::KeepTokens), ["yes yes", "yes no", "no no", "no no", "no no"]),
    //                                                          oneself member support administrator owner both lately elsewhere
    line("Learn of somebody, and see why they are locked out", Makes::On(|target| Act::See(target)), [
        "yes yes yes yes yes yes yes yes",
        "yes yes yes yes no  yes yes no",
        "yes yes yes yes no  yes yes no",
        "yes no  no  no  no  no  no  no",
        "yes no  no  no  no  no  no  no",
    ]),
    line("Make a new invitation", Makes::On(|target| Act::InviteAgain(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Unlock", Makes::On(|target| Act::Unlock(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes yes no  yes yes no",
        "self yes no  no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Bring a token back into step", Makes::On(|target| Act::ResyncToken(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes yes no  yes yes no",
        "self yes no  no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Settle what they say was not them", Makes::On(|target| Act::SettleReport(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes yes no  yes yes no",
        "self yes no  no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Have a notice to them sent again, or hand it over as a letter", Makes::On(|target| Act::HandleNotice(target)), [
        "yes yes yes yes yes yes yes yes",
        "yes yes yes yes no  yes yes no",
        "no  no  no  no  no  no  no  no",
        "no  no  no  no  no  no  no  no",
        "no  no  no  no  no  no  no  no",
    ]),
    line("Assign a token", Makes::On(|target| Act::AssignToken(target)), [
        "yes yes yes two two two two yes",
        "yes yes yes two no  two two no",
        "no  no  no  no  no  no  no  no",
        "no  no  no  no  no  no  no  no",
        "no  no  no  no  no  no  no  no",
    ]),
    line("Reset the second factor", Makes::On(|target| Act::ResetSecondFactor(target)), [
        "self yes yes two two two two yes",
        "self yes yes two no  two two no",
        "self yes no  no  no  no  two no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Issue a code for a forgotten password", Makes::On(|target| Act::IssuePasswordCode(target)), [
        "self yes yes two two two two yes",
        "self yes yes two no  two two no",
        "self yes no  no  no  no  two no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Sign out everywhere", Makes::On(|target| Act::SignOut(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Deactivate", Makes::On(|target| Act::Deactivate(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Reactivate", Makes::On(|target| Act::Reactivate(target)), [
        "self yes yes two two two two yes",
        "self yes yes two no  two two no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Erase", Makes::On(|target| Act::Erase(target)), [
        "self yes yes yes yes yes yes yes",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Mark as one who signs in elsewhere", Makes::On(|target| Act::MarkElsewhere(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Take their password here again", Makes::On(|target| Act::UnmarkElsewhere(target)), [
        "self yes yes two two two two yes",
        "self yes yes two no  two two no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Change the e-mail address of somebody who has signed in", Makes::On(|target| Act::ChangeEmail(target)), [
        "self yes yes two two two two yes",
        "self yes yes two no  two two no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Set or remove the second address", Makes::On(|target| Act::ChangeSecondEmail(target)), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  no  yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Correct the name", Makes::On(|target| Act::CorrectName(target)), [
        "yes  yes yes yes yes yes yes yes",
        "yes  yes yes no  no  no  yes no",
        "no   no  no  no  no  no  no  no",
        "no   no  no  no  no  no  no  no",
        "no   no  no  no  no  no  no  no",
    ]),
    line("Give member or support here", Makes::On(|target| Act::ChangeRole { target, community: HERE, role: Some(Role::Support) }), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  yes yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Give administrator here", Makes::On(|target| Act::ChangeRole { target, community: HERE, role: Some(Role::Administrator) }), [
        "self yes yes yes yes yes yes yes",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Take the role held here", Makes::On(|target| Act::ChangeRole { target, community: HERE, role: None }), [
        "self yes yes yes yes yes yes yes",
        "self yes yes no  no  yes yes no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Give a role in another community", Makes::On(|target| Act::ChangeRole { target, community: ELSEWHERE, role: Some(Role::Member) }), [
        "self yes yes yes yes yes yes yes",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
    line("Make an owner, or no longer one", Makes::On(|target| Act::ChangeOwner(target)), [
        "self yes yes yes yes yes yes yes",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
        "self no  no  no  no  no  no  no",
    ]),
];

/// The table as a page of Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::new();
    let alone: Vec<&Line> = TABLE.iter().filter(|line| matches!(line.makes, Makes::Alone(_))).collect();
    page.push_str("## On one's own\n\n");
    row(&mut page, std::iter::once("").chain(ACTORS));
    rule(&mut page, ACTORS.len() + 1);
    for line in alone {
        let words = format!("{} (`{}`)", line.words, line.name());
        row(&mut page, std::iter::once(words.as_str()).chain(line.cells));
    }
    page.push_str("\n## In a community\n\nThe actor holds the role *here*.\n\n");
    row(&mut page, std::iter::once("").chain(ACTORS));
    rule(&mut page, ACTORS.len() + 1);
    for line in TABLE.iter().filter(|line| matches!(line.makes, Makes::In(_))) {
        for (at, place) in PLACES.iter().enumerate() {
            let words = format!("{}, {place} (`{}`)", line.words, line.name());
            row(&mut page, std::iter::once(words.as_str()).chain(line.cells.map(|cells| cells.split_whitespace().nth(at).unwrap_or(""))));
        }
    }
    page.push_str("\n## On a person\n\nThe actor holds the role *here*; so does the target, unless the column says otherwise.\n");
    for line in TABLE.iter().filter(|line| matches!(line.makes, Makes::On(_))) {
        page.push_str(&format!("\n### {} (`{}`)\n\n", line.words, line.name()));
        row(&mut page, std::iter::once("").chain(TARGETS));
        rule(&mut page, TARGETS.len() + 1);
        for (actor, cells) in ACTORS.iter().zip(line.cells) {
            row(&mut page, std::iter::once(*actor).chain(cells.split_whitespace()));
        }
    }
    page
}

fn row<'a>(page: &mut String, cells: impl Iterator<Item = &'a str>) {
    for cell in cells {
        page.push_str("| ");
        page.push_str(cell);
        page.push(' ');
    }
    page.push_str("|\n");
}

fn rule(page: &mut String, columns: usize) {
    page.push_str(&"| --- ".repeat(columns));
    page.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        account::Account,
        gate::{Denied, Membership, may},
        testing::{NOW, person},
    };

    fn holding(number: u64, roles: &[(CommunityId, Role)]) -> Account {
        let mut account = person(number, Some(Role::Member));
        account.memberships = roles.iter().map(|(community, role)| Membership { community: *community, role: *role, since: NOW }).collect();
        account
    }

    fn actor(number: usize) -> Account {
        match number {
            0 => person(1, None),
            1 => holding(1, &[(HERE, Role::Administrator)]),
            2 => holding(1, &[(HERE, Role::Support)]),
            3 => holding(1, &[(HERE, Role::Member)]),
            _ => holding(1, &[]),
        }
    }

    fn target(number: usize, actor: &Account) -> Account {
        match number {
            0 => actor.clone(),
            1 => holding(2, &[(HERE, Role::Member)]),
            2 => holding(2, &[(HERE, Role::Support)]),
            3 => holding(2, &[(HERE, Role::Administrator)]),
            4 => person(2, None),
            5 => holding(2, &[(HERE, Role::Member), (ELSEWHERE, Role::Administrator)]),
            6 => Account { privileged_until: Some(NOW), ..holding(2, &[(HERE, Role::Member)]) },
            _ => holding(2, &[(ELSEWHERE, Role::Member)]),
        }
    }

    fn verdict(actor: &Account, act: Act<'_>) -> &'static str {
        match may(&actor.standing_at(NOW), act) {
            Ok(()) => "yes",
            Err(Denied::OutOfReach) => "no",
            Err(Denied::OnSelf) => "self",
            Err(Denied::TakesTwo) => "two",
        }
    }

    /// Every act × every role × every target: allowed or refused exactly as the table says.
    #[test]
    fn the_gate_decides_as_the_table_says() {
        let mut played = 0;
        for line in TABLE {
            for (number, cells) in line.cells.iter().enumerate() {
                let actor = actor(number);
                let found: Vec<&str> = match line.makes {
                    Makes::Alone(act) => vec![verdict(&actor, act)],
                    Makes::In(act) => [HERE, ELSEWHERE].map(|community| verdict(&actor, act(community))).to_vec(),
                    Makes::On(act) => (0..TARGETS.len())
                        .map(|number| {
                            let target = target(number, &actor);
                            verdict(&actor, act(target.standing_at(NOW)))
                        })
                        .collect(),
                };
                let said: Vec<&str> = cells.split_whitespace().collect();
                assert_eq!(found, said, "{}, by {}", line.words, ACTORS[number]);
                played += found.len();
            }
        }
        assert!(played > 500, "{played} cells");
    }

    #[test]
    fn every_act_has_its_lines() {
        let lines: BTreeSet<&str> = TABLE.iter().map(Line::name).collect();
        assert_eq!(lines, Act::NAMES.iter().copied().collect());
    }

    /// Who was an administrator three days ago is not one any more.
    #[test]
    fn what_takes_two_takes_two_for_three_days_after_a_demotion() {
        let (owner, lately) = (actor(0), target(6, &actor(0)));
        let reset = |hours: i64| verdict(&owner, Act::ResetSecondFactor(lately.standing_at(NOW.plus(hours * crate::time::HOUR))));
        assert_eq!([reset(0), reset(71), reset(72), reset(-1)], ["two", "two", "yes", "two"]);
        assert_eq!(verdict(&owner, Act::ResetSecondFactor(lately.standing())), "two", "where the hour is not known");
    }

    /// Several roles add up, and no more than that: the highest one in a shared community counts, never one from elsewhere.
    #[test]
    fn a_role_from_elsewhere_lends_nothing() {
        let mixed = holding(1, &[(HERE, Role::Support), (ELSEWHERE, Role::Administrator)]);
        let (here, there) = (holding(2, &[(HERE, Role::Support)]), holding(3, &[(ELSEWHERE, Role::Support)]));
        assert_eq!(verdict(&mixed, Act::Unlock(here.standing())), "no");
        assert_eq!(verdict(&mixed, Act::Unlock(there.standing())), "yes");
        // Bringing in somebody whom one may only support would give power over them.
        let bring = |target: &Account, community| {
            verdict(&mixed, Act::ChangeRole { target: target.standing(), community, role: Some(Role::Member) })
        };
        assert_eq!(bring(&here, ELSEWHERE), "no");
        assert_eq!(bring(&there, HERE), "no");
    }
}
