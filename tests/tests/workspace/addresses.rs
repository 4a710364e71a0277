//! Addresses: changed by staff, by two of them, and by their own; the second one; and the code by mail to whoever forgot a
//! password.

use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, Workspace,
    account::{Profile, ReadProfile},
    address::{AskPasswordCode, ChangeEmail, ChangeOwnEmail, CorrectName, ReadForgotten, SetOwnSecondEmail, SetSecondEmail},
    delivery::{Due, Outbox, Outcome},
    journal::{JournalRow, ReadJournal},
    mail::{MailSecurity, NoticeKind, SetMail},
    people::{IssuePasswordCode, RoleName},
    person::{ChangeRole, DeactivatePerson, PersonAction, ReadPerson},
    proof::Proof,
    sign_in::{AcceptInvitation, Next, RedeemPasswordCode, Touch},
    support::{CaseAct, OpenCase, WithdrawCase},
};

use crate::played::{PASSWORD, Person, Played, secret, support};

const HOUR: i64 = 3600;
const NEW_PASSWORD: &str = "another one, long enough alone";

/// What a message is about, where it goes, and the code in it.
type Told = (NoticeKind, String, Option<String>);

impl Played {
    async fn change_email(&self, by: &Person, account: Uuid, email: &str) -> Result<Option<String>, RefusalCode> {
        let request = ChangeEmail { account, email: email.into(), proof: self.proof(by) };
        let changed = self.call(Some(&by.session), request).await.map_err(|refusal| refusal.code)?;
        Ok(changed.invitation.map(|issued| issued.code.expose().to_owned()))
    }

    async fn change_own_email(&self, person: &Person, email: &str) -> Result<(), RefusalCode> {
        let request = ChangeOwnEmail { email: email.into(), proof: self.proof(person) };
        self.call(Some(&person.session), request).await.map(drop).map_err(|refusal| refusal.code)
    }

    async fn email_case(&self, by: &Person, account: Uuid, email: &str) -> Result<CaseAct, RefusalCode> {
        let proof = self.proof(by);
        let request = OpenCase { account, act: CaseAct::Email, email: Some(email.into()), token: None, support: support(), proof };
        self.call(Some(&by.session), request).await.map(|opened| opened.act).map_err(|refusal| refusal.code)
    }

    async fn switch_mail(&self, by: &Person, on: bool) {
        let request = SetMail {
            host: "mail.example.org".into(),
            port: 587,
            security: MailSecurity::Starttls,
            user: None,
            password: None,
            sender: "sallyport@example.org".into(),
            sender_name: String::new(),
            contact: None,
            on,
            proof: self.proof(by),
        };
        self.call(Some(&by.session), request).await.expect("set up");
    }

    /// All that waits to be sent, taken as a server would.
    async fn posted(&self) -> Vec<Told> {
        let mut told = Vec::new();
        while let Due::Now(delivery) = self.authority.next_due().await.expect("an outbox") {
            let code = delivery.code.as_ref().map(|code| secrecy::ExposeSecret::expose_secret(code).to_owned());
            told.push((delivery.kind, delivery.address.clone(), code));
            self.authority.settle(delivery.id, Outcome::Sent).await.expect("settled");
        }
        told
    }

    async fn ask_code(&self, email: &str) -> Result<(), RefusalCode> {
        self.call(None, AskPasswordCode { email: email.into() }).await.map(drop).map_err(|refusal| refusal.code)
    }

    /// The code that was mailed to this address, if one was.
    async fn mailed_code(&self, email: &str) -> Option<String> {
        self.ask_code(email).await.expect("answered alike");
        let told = self.posted().await;
        told.into_iter().find(|(kind, to, _)| *kind == NoticeKind::PasswordCode && to == email).map(|(_, _, code)| code.expect("a code"))
    }

    async fn redeem_code(&self, email: &str, code: &str) -> Result<Next, RefusalCode> {
        let request = RedeemPasswordCode { email: email.into(), code: secret(code), password: secret(NEW_PASSWORD) };
        self.call(None, request).await.map(|step| step.next).map_err(|refusal| refusal.code)
    }

    async fn own_profile(&self, person: &Person) -> Profile {
        self.call(Some(&person.session), ReadProfile {}).await.expect("a profile")
    }

    async fn entries_about(&self, reader: &Person, about: Uuid) -> Vec<JournalRow> {
        self.call(Some(&reader.session), ReadJournal { person: Some(about), before: None }).await.expect("a page").rows
    }

    /// A sign of life of each.
    async fn awake(&self, people: &[&Person]) {
        for person in people {
            self.call(Some(&person.session), Touch {}).await.expect("not idle");
        }
    }

    /// The same person, in again under another address.
    async fn at(&self, person: Person, email: &str) -> Person {
        self.back(Person { email: email.into(), ..person }).await
    }

    async fn back(&self, person: Person) -> Person {
        let session = self.sign_in_with_phone(&person).await.expect("in again");
        Person { session, ..person }
    }
}

/// Where a kind of notice went, in order of the addresses.
fn addresses(told: &[Told], of: NoticeKind) -> Vec<&str> {
    let mut addresses: Vec<&str> = told.iter().filter(|(kind, ..)| *kind == of).map(|(_, address, _)| address.as_str()).collect();
    addresses.sort_unstable();
    addresses
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_change_an_address_and_both_are_told() {
    let (played, owner) = Played::begin().await;
    played.switch_mail(&owner, true).await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let second = SetOwnSecondEmail { email: "home@example.net".into(), proof: played.proof(&mia) };
    played.call(Some(&mia.session), second).await.expect("set");
    played.posted().await;
    assert_eq!(played.change_email(&owner, id, " Mia.Miller@example.org ").await, Ok(None));
    let told = played.posted().await;
    assert_eq!(addresses(&told, NoticeKind::EmailChanged), ["Mia.Miller@example.org", "home@example.net", "mia@example.org"], "{told:?}");
    assert!(played.is_signed_in(&mia.session).await);
    assert_eq!(played.first_door("mia@example.org").await.expect_err("no longer").code, RefusalCode::WrongCredentials);
    assert_eq!(played.first_door("mia.miller@EXAMPLE.org").await.expect("the new one").0, Next::Code);
    let entry = played.entries_about(&owner, id).await.into_iter().find(|row| row.kind == "person.email-changed").expect("an entry");
    assert_eq!((&*entry.words["before"], &*entry.words["after"]), ("mia@example.org", "Mia.Miller@example.org"));
    // It stands in the way of every other act on their way in, by one person.
    assert_eq!(played.reset(&owner, id).await.expect_err("takes two").code, RefusalCode::SecondEffectAfterEmail);
    let view = played.call(Some(&owner.session), ReadPerson { account: id }).await.expect("a person");
    assert_eq!((&*view.person.email, view.second_email.as_deref()), ("Mia.Miller@example.org", Some("home@example.net")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_change_whose_address() {
    let (played, owner) = Played::begin().await;
    let (admin, administrator) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (desk, sam) = played.join(&owner, "sam@example.org", RoleName::Support).await;
    let (member, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let own = played.own_profile(&owner).await.email;
    let owner_id = played.call(Some(&owner.session), wire::sign_in::WhoAmI {}).await.expect("known").person.id;
    // A community that Ada and Sam hold no role in.
    played.call(Some(&owner.session), wire::communities::MakeCommunity { name: "Annexe".into() }).await.expect("made");
    let rows = played.call(Some(&owner.session), wire::communities::ListCommunities {}).await.expect("a list").rows;
    let annexe = rows.iter().find(|row| row.name == "Annexe").expect("the annexe").id;
    let request =
        wire::people::Invite { name: "Nora".into(), email: "nora@example.org".into(), community: Some(annexe), role: RoleName::Member };
    let nora = played.call(Some(&owner.session), request).await.expect("invited").person.id;
    for (actor, target, refused) in [
        (&owner, owner_id, RefusalCode::OnSelf),
        (&owner, admin, RefusalCode::TakesTwo),
        (&administrator, owner_id, RefusalCode::NotAllowed),
        (&administrator, admin, RefusalCode::OnSelf),
        (&administrator, nora, RefusalCode::NotAllowed),
        (&administrator, Uuid::nil(), RefusalCode::NotAllowed),
        (&sam, member, RefusalCode::NotAllowed),
        (&sam, admin, RefusalCode::NotAllowed),
        (&mia, desk, RefusalCode::NotAllowed),
    ] {
        played.awake(&[&owner, &administrator, &sam, &mia]).await;
        assert_eq!(played.change_email(actor, target, "new@example.org").await, Err(refused), "{} on {target}", actor.email);
        let proof = played.proof(actor);
        let request = SetSecondEmail { account: target, email: "second@example.org".into(), proof };
        let second = played.call(Some(&actor.session), request).await.map(drop).map_err(|refusal| refusal.code);
        let name = CorrectName { account: target, name: "Somebody Else".into(), was: None };
        let name = played.call(Some(&actor.session), name).await.map(drop).map_err(|refusal| refusal.code);
        match refused {
            RefusalCode::TakesTwo => assert!(second.is_ok() && name.is_ok(), "an owner alone: neither is a way in"),
            RefusalCode::OnSelf => assert!(second == Err(RefusalCode::OnSelf) && name.is_ok(), "{second:?} {name:?}"),
            _ => assert_eq!((second, name), (Err(refused), Err(refused)), "{} on {target}", actor.email),
        }
    }
    assert_eq!(played.own_profile(&owner).await.email, own);
    assert_eq!(played.change_email(&administrator, member, "new@example.org").await, Ok(None));
    // What staff read of it beforehand.
    let view = played.call(Some(&sam.session), ReadPerson { account: member }).await.expect("a person");
    let refused = view.actions.iter().find(|each| each.action == PersonAction::ChangeEmail).expect("named").refused.as_ref();
    assert_eq!(refused.map(|refusal| refusal.code), Some(RefusalCode::NotAllowed));
    let journal = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page").rows;
    assert!(journal.iter().any(|row| row.kind == "gate.refused"), "what was tried is written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_refused_and_nobody_learns_whose_it_is() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    assert_eq!(played.change_email(&owner, id, "OLIVE@example.org").await, Err(RefusalCode::EmailTaken));
    assert_eq!(played.change_email(&owner, id, "not an address").await, Err(RefusalCode::EmailInvalid));
    assert_eq!(played.change_email(&owner, id, "mia@example.org").await, Err(RefusalCode::EmailUnchanged));
    let wrong = ChangeOwnEmail { email: "olive@example.org".into(), proof: Proof { password: secret("not this one, surely"), code: None } };
    assert_eq!(played.call(Some(&mia.session), wrong).await.expect_err("unproved").code, RefusalCode::WrongPassword);
    assert_eq!(played.change_own_email(&mia, "olive@example.org").await, Err(RefusalCode::EmailTaken));
    // A second address is nobody's sign-in name, and several people may have the same one.
    let both = SetOwnSecondEmail { email: "olive@example.org".into(), proof: played.proof(&mia) };
    played.call(Some(&mia.session), both).await.expect("told in a shared mailbox");
    let same = SetOwnSecondEmail { email: "MIA@example.org".into(), proof: played.proof(&mia) };
    assert_eq!(played.call(Some(&mia.session), same).await.expect_err("the first").code, RefusalCode::EmailUnchanged);
    assert_eq!(played.first_door("olive@example.org").await.expect("the owner's").0, Next::Code);
}

/// Two administrators at once: each address is somebody's once, and each of the two changes is whole.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_give_the_same_address_at_once_one_does() {
    let (played, owner) = Played::begin().await;
    let (_, ada) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (mia, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (tom, _) = played.join(&owner, "tom@example.org", RoleName::Member).await;
    let request = |account, proof| ChangeEmail { account, email: "wanted@example.org".into(), proof };
    let proofs = (played.proof(&owner), played.proof(&ada));
    let (a, b) =
        tokio::join!(played.call(Some(&owner.session), request(mia, proofs.0)), played.call(Some(&ada.session), request(tom, proofs.1)),);
    let refused: Vec<_> = [a.err(), b.err()].into_iter().flatten().map(|refusal| refusal.code).collect();
    assert_eq!(refused, [RefusalCode::EmailTaken]);
    // The same person, to two addresses: the later one is the one that stands, and it was told to the first.
    let proofs = (played.proof(&owner), played.proof(&ada));
    let request = |email: &str, proof| ChangeEmail { account: tom, email: email.into(), proof };
    let (a, b) = tokio::join!(
        played.call(Some(&owner.session), request("one@example.org", proofs.0)),
        played.call(Some(&ada.session), request("two@example.org", proofs.1)),
    );
    assert!(a.is_ok() && b.is_ok());
    let entries = played.entries_about(&owner, tom).await;
    let changes: Vec<_> = entries.iter().filter(|row| row.kind == "person.email-changed").collect();
    assert_eq!(changes[0].words["before"], changes[1].words["after"], "one after the other, none lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_change_an_administrators_address() {
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let grace = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    let (_, sam) = played.join(&owner, "sam@example.org", RoleName::Support).await;
    played.switch_mail(&owner, true).await;
    assert_eq!(played.email_case(&sam, ada.0, "ada@new.example").await, Err(RefusalCode::NotAllowed));
    assert_eq!(played.email_case(&ada.1, ada.0, "ada@new.example").await, Err(RefusalCode::OnSelf));
    assert_eq!(played.email_case(&owner, ada.0, "grace@example.org").await, Err(RefusalCode::EmailTaken));
    assert_eq!(played.email_case(&owner, ada.0, "").await, Err(RefusalCode::EmailInvalid));
    played.awake(&[&owner, &ada.1, &grace.1, &sam]).await;
    assert_eq!(played.email_case(&owner, ada.0, "ada@new.example").await, Ok(CaseAct::Email));
    let row = played.case_of(&owner, ada.0).await;
    assert_eq!((row.act, row.brings.as_deref()), (CaseAct::Email, Some("ada@new.example")), "the second person sees to what");
    assert_eq!(played.approve(&owner, row.id).await.expect_err("one's own").code, RefusalCode::OwnCase);
    assert_eq!(played.approve(&ada.1, row.id).await.expect_err("the target").code, RefusalCode::OnSelf);
    assert_eq!(played.approve(&sam, row.id).await.expect_err("support").code, RefusalCode::NotAllowed);
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("not yet").code, RefusalCode::CaseUnapproved);
    played.awake(&[&owner, &ada.1, &grace.1, &sam]).await;
    assert_eq!(played.approve(&grace.1, row.id).await.expect("approved"), None, "there is no code");
    played.posted().await;
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect("carried out"), None);
    assert_eq!(addresses(&played.posted().await, NoticeKind::EmailChanged), ["ada@example.org", "ada@new.example"]);
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("once").code, RefusalCode::CaseOver);
    assert_eq!(played.first_door("ada@new.example").await.expect("the new one").0, Next::Code);

    // Approved, and then somebody else has it: nothing happens, and it can be called off.
    let owner = played.back(owner).await;
    let (ada, grace, sam) =
        ((ada.0, played.at(ada.1, "ada@new.example").await), (grace.0, played.back(grace.1).await), played.back(sam).await);
    assert_eq!(played.email_case(&owner, grace.0, "free@example.org").await, Ok(CaseAct::Email));
    let row = played.case_of(&owner, grace.0).await;
    played.approve(&ada.1, row.id).await.expect("approved");
    played.change_own_email(&sam, "free@example.org").await.expect("free until now");
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("taken").code, RefusalCode::EmailTaken);
    played.call(Some(&owner.session), WithdrawCase { case: row.id }).await.expect("withdrawn");

    // An approver who loses the role before it is carried out.
    let (owner, grace) = (played.back(owner).await, (grace.0, played.back(grace.1).await));
    assert_eq!(played.email_case(&owner, ada.0, "ada@third.example").await, Ok(CaseAct::Email));
    let row = played.case_of(&owner, ada.0).await;
    played.approve(&grace.1, row.id).await.expect("approved");
    let community = played.community(&owner.session).await;
    let demote = ChangeRole { account: grace.0, community, role: Some(RoleName::Member), proof: played.proof(&owner) };
    played.call(Some(&owner.session), demote).await.expect("demoted");
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("void").code, RefusalCode::CaseVoid);
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("for good").code, RefusalCode::CaseVoid);
    assert_eq!(played.first_door("ada@new.example").await.expect("as it was").0, Next::Code);

    // A day later it is over.
    assert_eq!(played.email_case(&owner, ada.0, "ada@third.example").await, Ok(CaseAct::Email));
    let row = played.case_of(&owner, ada.0).await;
    played.clock.turn(24 * HOUR);
    let owner = played.back(owner).await;
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("late").code, RefusalCode::CaseExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_days_end_after_three_days() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let issue = IssuePasswordCode { account: id, support: support(), proof: played.proof(&owner) };
    played.call(Some(&owner.session), issue).await.expect("issued");
    let issued_at = played.clock.now().0;
    assert_eq!(played.change_email(&owner, id, "new@example.org").await, Err(RefusalCode::SecondEffectAfterPasswordCode));
    // Every proof turns the clock by half a minute.
    played.clock.turn(issued_at + 72 * HOUR - 120 - played.clock.now().0);
    let owner = played.back(owner).await;
    assert!(played.clock.now().0 < issued_at + 72 * HOUR - 31);
    assert_eq!(played.change_email(&owner, id, "new@example.org").await, Err(RefusalCode::SecondEffectAfterPasswordCode));
    played.clock.turn(issued_at + 72 * HOUR - 30 - played.clock.now().0);
    assert_eq!(played.change_email(&owner, id, "new@example.org").await, Ok(None), "to the second");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_never_signed_in_is_corrected_by_one_and_invited_anew() {
    let (played, owner) = Played::begin().await;
    let (_, ada) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (id, first) = played.invite(&owner, "mis-typed@example.org", RoleName::Administrator).await;
    assert_eq!(played.change_email(&ada, id, "right@example.org").await, Err(RefusalCode::NotAllowed), "as with an invitation");
    let second = played.change_email(&owner, id, "right@example.org").await.expect("corrected").expect("an invitation");
    let accept = |email: &str, code: &str| AcceptInvitation { email: email.into(), code: secret(code), password: secret(PASSWORD) };
    for (email, code) in [("mis-typed@example.org", &first), ("right@example.org", &first), ("mis-typed@example.org", &second)] {
        assert_eq!(played.call(None, accept(email, code)).await.expect_err("dead").code, RefusalCode::CodeWrong, "{email}");
    }
    played.call(None, accept("right@example.org", &second)).await.expect("accepted");
    assert_eq!(played.change_email(&owner, id, "again@example.org").await, Err(RefusalCode::TakesTwo), "from then on it takes two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_mail_changes_the_password_and_nothing_else() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    assert!(!played.call(None, ReadForgotten {}).await.expect("read").by_mail);
    assert_eq!(played.ask_code(&mia.email).await, Err(RefusalCode::MailNotSetUp));
    played.switch_mail(&owner, true).await;
    assert!(played.call(None, ReadForgotten {}).await.expect("read").by_mail);
    let second = SetOwnSecondEmail { email: "home@example.net".into(), proof: played.proof(&mia) };
    played.call(Some(&mia.session), second).await.expect("set");
    played.posted().await;

    played.ask_code("MIA@example.org").await.expect("asked");
    let told = played.posted().await;
    let [(NoticeKind::PasswordCode, address, Some(code))] = &told[..] else { panic!("{told:?}") };
    assert_eq!(address, "mia@example.org", "never to the second address");
    assert!(played.is_signed_in(&mia.session).await && played.first_door(&mia.email).await.is_ok(), "nothing has changed yet");
    assert_eq!(played.redeem_code(&mia.email, code).await, Ok(Next::Code), "the second factor is still asked");
    assert!(!played.is_signed_in(&mia.session).await);
    assert_eq!(played.redeem_code(&mia.email, code).await, Err(RefusalCode::PasswordCodeWrong), "once");
    let kinds: Vec<String> = played.entries_about(&owner, id).await.into_iter().map(|row| row.kind).collect();
    assert!(["password.code-mailed", "password.reset"].iter().all(|kind| kinds.iter().any(|found| found == kind)), "{kinds:?}");

    // An old one is none.
    let (_, tom) = played.join(&owner, "tom@example.org", RoleName::Member).await;
    let code = played.mailed_code(&tom.email).await.expect("mailed");
    played.clock.turn(24 * HOUR);
    assert_eq!(played.redeem_code(&tom.email, &code).await, Err(RefusalCode::PasswordCodeExpired));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_learns_nothing_and_asks_three_times_a_minute() {
    let (played, owner) = Played::begin().await;
    let (gone, leaver) = played.join(&owner, "gone@example.org", RoleName::Member).await;
    let (_, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, ada) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (_, _) = played.invite(&owner, "new@example.org", RoleName::Member).await;
    played.call(Some(&owner.session), DeactivatePerson { account: gone }).await.expect("deactivated");
    played.switch_mail(&owner, true).await;
    played.posted().await;
    let all = [mia.email.as_str(), &leaver.email, &ada.email, &owner.email, "new@example.org", "nobody@example.org"];
    type Said = Vec<Result<(), (RefusalCode, Option<i64>)>>;
    let mut answers: Vec<Said> = Vec::new();
    for email in all {
        let mut said = Vec::new();
        for _ in 0..4 {
            let answer = played.authority.call(None, AskPasswordCode { email: email.into() }.into()).await;
            // The proof line of an entry would tell, too.
            let answer = answer.map(|outcome| assert_eq!(outcome.journalled, None, "{email}"));
            said.push(answer.map_err(|refusal: Refusal| (refusal.code, refusal.at)));
        }
        answers.push(said);
    }
    assert!(answers.iter().all(|said| *said == answers[0]), "{answers:?}");
    assert!(answers[0][..3].iter().all(Result::is_ok));
    assert!(matches!(answers[0][3], Err((RefusalCode::Wait, Some(_)))), "{:?}", answers[0]);
    let told = played.posted().await;
    assert_eq!(addresses(&told, NoticeKind::PasswordCode), ["mia@example.org"], "one, for the one who may have it: {told:?}");
    // Nobody is locked out by it.
    assert!(played.first_door(&mia.email).await.is_ok());
    let page = wire::people::ListPeople { search: "mia@".into(), ..wire::people::ListPeople::default() };
    assert!(!played.call(Some(&owner.session), page).await.expect("a page").rows[0].locked);
    // After the wait another takes the place of the first.
    let (_, _, first) = told.into_iter().next().expect("one");
    played.clock.turn(901);
    let second = played.mailed_code(&mia.email).await.expect("mailed");
    assert_eq!(played.redeem_code(&mia.email, &first.expect("a code")).await, Err(RefusalCode::PasswordCodeWrong));
    assert_eq!(played.redeem_code(&mia.email, &second).await, Ok(Next::Code));
}

/// What staff or its owner did, and then a code by mail; and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_mail_never_composes() {
    let (played, owner) = Played::begin().await;
    played.switch_mail(&owner, true).await;
    let (reset, tia) = played.join(&owner, "tia@example.org", RoleName::Member).await;
    let (moved, _) = played.join(&owner, "mo@example.org", RoleName::Member).await;
    let (_, own) = played.join(&owner, "own@example.org", RoleName::Member).await;
    let (asked, uma) = played.join(&owner, "uma@example.org", RoleName::Member).await;
    let (issued, ivy) = played.join(&owner, "ivy@example.org", RoleName::Member).await;

    played.reset(&owner, reset).await.expect("reset");
    assert_eq!(played.mailed_code(&tia.email).await, None, "a reset, and then a code by mail");
    played.change_email(&owner, moved, "insider@example.org").await.expect("changed");
    assert_eq!(played.mailed_code("insider@example.org").await, None, "another mailbox, and then a code into it");
    assert_eq!(played.mailed_code("mo@example.org").await, None);
    let own = played.back(own).await;
    played.change_own_email(&own, "thief@example.org").await.expect("changed");
    assert_eq!(played.mailed_code("thief@example.org").await, None, "at a screen that somebody left open");

    let owner = played.back(owner).await;
    // Mailed first, and then the reset: the code in the mailbox opens nothing any more, and the reset goes on.
    let code = played.mailed_code(&uma.email).await.expect("mailed");
    played.reset(&owner, asked).await.expect("asking hinders nobody");
    assert_eq!(played.redeem_code(&uma.email, &code).await, Err(RefusalCode::PasswordCodeExpired));
    // Used first: then a reset takes two.
    let (used, vic) = played.join(&owner, "vic@example.org", RoleName::Member).await;
    let code = played.mailed_code(&vic.email).await.expect("mailed");
    played.redeem_code(&vic.email, &code).await.expect("used");
    assert_eq!(played.reset(&owner, used).await.expect_err("takes two").code, RefusalCode::SecondEffectAfterPasswordCode);

    let owner = played.back(owner).await;
    // One that staff issued is not ended by whoever asks.
    let issue = IssuePasswordCode { account: issued, support: support(), proof: played.proof(&owner) };
    let code = played.call(Some(&owner.session), issue).await.expect("issued").code.expose().to_owned();
    assert_eq!(played.mailed_code(&ivy.email).await, None);
    assert_eq!(played.redeem_code(&ivy.email, &code).await, Ok(Next::Code));

    // Promoted with a code on its way.
    let (promoted, pat) = played.join(&owner, "pat@example.org", RoleName::Member).await;
    let code = played.mailed_code(&pat.email).await.expect("mailed");
    let community = played.community(&owner.session).await;
    let role = ChangeRole { account: promoted, community, role: Some(RoleName::Administrator), proof: played.proof(&owner) };
    played.call(Some(&owner.session), role).await.expect("promoted");
    assert_eq!(played.redeem_code(&pat.email, &code).await, Err(RefusalCode::PasswordCodeExpired));

    // Three days later it is mailed again.
    played.clock.turn(72 * HOUR + 60);
    assert!(played.mailed_code("thief@example.org").await.is_some());
}

/// Known or not, an answer costs the same slow hash: nobody learns from how long it takes who is here.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_costs_as_many_slow_hashes_as_a_known_one() {
    let (played, owner) = Played::begin().await;
    played.switch_mail(&owner, true).await;
    let known = played.join(&owner, "known@example.org", RoleName::Member).await.1.email;
    for address in [known.as_str(), "unknown@example.org"] {
        let before = played.authority.hashes_begun();
        played.ask_code(address).await.expect("answered");
        assert_eq!(played.authority.hashes_begun() - before, 1, "{address}");
    }
}
