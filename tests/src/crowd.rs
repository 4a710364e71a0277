//! A crowd: as many people as a test, a bench or a look at the window asks for, alike on every computer.

use crate::{Error, Result};
use authority::{Commit, Store};
use domain::{
    Change,
    account::Account,
    factor::SecondFactor,
    gate::{Membership, Role},
    id::{AccountId, CommunityId},
    invitation::NewPerson,
    policy::Tightening,
    time::{HOUR, Moment},
    words::{Email, Language, Name},
    workspace::Community,
};
use serde_json::{Value, json};
use uuid::Uuid;

const FIRST: [&str; 48] = [
    "Ada",
    "Amélie",
    "Anders",
    "Anna",
    "Bao",
    "Beatriz",
    "Björn",
    "Camille",
    "Carla",
    "Chidi",
    "Chloé",
    "Daniel",
    "Deniz",
    "Diego",
    "Élodie",
    "Emeka",
    "Fatima",
    "François",
    "Gabriela",
    "Grace",
    "Hannah",
    "Hiro",
    "Ines",
    "Ivan",
    "Jamal",
    "José",
    "Katarzyna",
    "Kofi",
    "Léa",
    "Linh",
    "Lucía",
    "Malik",
    "María",
    "Mehmet",
    "Mila",
    "Nadia",
    "Noah",
    "Olga",
    "Omar",
    "Priya",
    "Quentin",
    "Rosa",
    "Sören",
    "Tariq",
    "Ursula",
    "Viktor",
    "Yara",
    "Zoë",
];
const LAST: [&str; 64] = [
    "Adeyemi",
    "Almeida",
    "Andersson",
    "Bailey",
    "Bauer",
    "Beaumont",
    "Bianchi",
    "Carvalho",
    "Castillo",
    "Chen",
    "Cohen",
    "Costa",
    "Dubois",
    "Durand",
    "Eriksen",
    "Fernández",
    "Fischer",
    "Fontaine",
    "García",
    "Grimaldi",
    "Haddad",
    "Hansen",
    "Hoffmann",
    "Horvath",
    "Ibrahim",
    "Ivanov",
    "Jansen",
    "Kaya",
    "Keller",
    "Kim",
    "Kowalski",
    "Kumar",
    "Lambert",
    "Larsen",
    "Lefèvre",
    "Lindqvist",
    "Lopez",
    "Marchetti",
    "Martin",
    "Mbeki",
    "Mendes",
    "Moreau",
    "Müller",
    "Nakamura",
    "Nguyen",
    "Novak",
    "O’Brien",
    "Okafor",
    "Olsen",
    "Patel",
    "Pereira",
    "Petrov",
    "Quiroga",
    "Ramírez",
    "Rossi",
    "Sato",
    "Schneider",
    "Silva",
    "Tanaka",
    "Thompson",
    "Torres",
    "Vasquez",
    "Weber",
    "Zimmermann",
];

/// People of one commit.
const AT_ONCE: usize = 5_000;

/// What everybody of a crowd is made after.
pub struct Crowd {
    template: Account,
    communities: Vec<CommunityId>,
    /// Second factors with so many codes left, and with codes that were never saved.
    factors: Vec<SecondFactor>,
    now: Moment,
}

impl Crowd {
    /// A crowd in these communities, whose people have the password and the kind of second factor of somebody who has
    /// enrolled. Nobody knows their codes.
    ///
    /// # Panics
    /// When that account has no second factor, or there is no community.
    #[must_use]
    pub fn like(template: &Account, communities: &[CommunityId], now: Moment) -> Self {
        assert!(matches!(template.second_factor, SecondFactor::Active(_)) && !communities.is_empty(), "somebody to be like, somewhere");
        let factor = |spent: usize, saved: bool, two: bool| {
            let mut value = serde_json::to_value(&template.second_factor).expect("a record");
            let factors = &mut value["active"];
            for used in factors["backup"]["used"].as_array_mut().expect("ten").iter_mut().take(spent) {
                *used = json!(now.0);
            }
            factors["backup"]["saved"] = if saved { json!(["text-file", now.0]) } else { Value::Null };
            if two {
                let authenticators = factors["authenticators"].as_array_mut().expect("one at least");
                let mut second = authenticators[0].clone();
                second["id"] = json!(Uuid::from_u128(2));
                second["name"] = json!("Tablet");
                authenticators.push(second);
            }
            serde_json::from_value(value).expect("a second factor")
        };
        let factors =
            vec![factor(0, true, false), factor(2, true, true), factor(8, true, false), factor(0, false, false), factor(4, true, true)];
        Self { template: template.clone(), communities: communities.to_vec(), factors, now }
    }

    /// One of the crowd. The same number is the same person.
    #[must_use]
    pub fn person(&self, number: u32) -> Account {
        // Spreads the numbers, so that neighbours in the list did not come one after the other.
        let mixed = number.wrapping_mul(0x9e37_79b1) >> 7;
        let (first, last) = (FIRST[(mixed % 48) as usize], LAST[(mixed / 48 % 64) as usize]);
        let plain: String = last.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let initial: String = first.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let role = match mixed % 200 {
            0 => Role::Administrator,
            1..=4 => Role::Support,
            _ => Role::Member,
        };
        let id = Uuid::from_u128((u128::from(number) << 64) | u128::from(number.wrapping_mul(0x85eb_ca6b)) << 16 | 7);
        let membership = Membership { community: self.communities[mixed as usize % self.communities.len()], role, since: self.now };
        let person = NewPerson {
            id: AccountId(id),
            name: Name::read(&format!("{first} {last}")).expect("a name"),
            email: Email::read(&format!("{initial}.{plain}{number}@example.org")).expect("an address"),
            language: Language::En,
            membership: Some(membership),
        };
        let made = self.now.plus(-i64::from(mixed % 1000) * 24 * HOUR);
        let mut account = person.account(None, made);
        let state = mixed / 7 % 100;
        if state >= 6 {
            account.password.clone_from(&self.template.password);
            account.first_in_at = Some(made);
            account.signed_in_at = Some(made.plus(i64::from(mixed % 77) * HOUR));
        }
        if (14..97).contains(&state) {
            account.second_factor = self.factors[(mixed / 3) as usize % self.factors.len()].clone();
        }
        if state == 97 {
            account.deactivated_at = Some(self.now);
        }
        account.elsewhere = state == 98;
        account
    }
}

/// Writes a crowd into a store, like the person with this address, in their communities and two more. The journal says
/// nothing of it.
pub async fn fill(store: &impl Store, like: &str, people: u32, now: Moment) -> Result<()> {
    let said = |error: &dyn std::fmt::Display| Error::said(error.to_string());
    let commit = |changes| Commit { at: now, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
    let template = store.account_by_email(like).await.map_err(|error| said(&error))?;
    let template = template.ok_or_else(|| Error::said("Nobody has that address."))?.record;
    for (number, name) in [(1, "North Quay"), (2, "South Quay")] {
        let id = CommunityId(Uuid::from_u128(0x51_0000 + number));
        let name = Name::read(name).expect("a name");
        let made = vec![Change::Community(Community { id, name, tightening: Tightening::default() })];
        store.commit(commit(made)).await.map_err(|error| said(&error))?;
    }
    let communities: Vec<CommunityId> =
        store.communities().await.map_err(|error| said(&error))?.iter().map(|found| found.record.id).collect();
    let crowd = Crowd::like(&template, &communities, now);
    for from in (0..people).step_by(AT_ONCE) {
        let batch = from..people.min(from.saturating_add(AT_ONCE as u32));
        let changes = batch.map(|number| Change::Account(Box::new(crowd.person(number)))).collect();
        store.commit(commit(changes)).await.map_err(|error| said(&error))?;
    }
    Ok(())
}
