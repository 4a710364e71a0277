//! The second person of a case: the recovery kit where there is nobody, and accounts that two people open again.

use authority::{Drawing, System};
use secrecy::ExposeSecret;
use uuid::Uuid;
use vault::{Kit, KitAfter, Rotation, unwatched};
use wire::{
    Refusal, RefusalCode,
    account::{Profile, ReadProfile, SavedAs},
    journal::ReadJournal,
    keeping::{AcknowledgeKit, BeginKit, DrawnKit, KitTrouble, NoteKitKept, RecoverOwner},
    people::RoleName,
    person::{DeactivatePerson, MarkElsewhere, PersonAction, ReactivatePerson, ReadPerson, UnmarkElsewhere},
    proof::Proof,
    sign_in::{GiveCode, Next, RedeemPasswordCode},
    support::{ApproveCaseByKit, CaseAct, CaseRow, WithdrawCase},
};

use crate::played::{PASSPHRASE, PASSWORD, Person, Played, secret};

const HOUR: i64 = 3600;

fn typed(kit: &Kit) -> String {
    kit.code().grouped().expose_secret().to_owned()
}

impl Played {
    fn kit_code(&self) -> String {
        typed(self.kit.as_ref().expect("a kit"))
    }

    async fn approve_by_kit(&self, by: &Person, case: Uuid, code: &str) -> Result<Option<String>, Refusal> {
        let proof = self.proof(by);
        let approved = self.call(Some(&by.session), ApproveCaseByKit { case, code: secret(code), proof }).await?;
        Ok(approved.code.map(|issued| issued.code.expose().to_owned()))
    }

    async fn again(&self, person: Person) -> Person {
        let session = self.sign_in_with_phone(&person).await.expect("in again");
        Person { session, ..person }
    }

    async fn profile(&self, person: &Person) -> Profile {
        self.call(Some(&person.session), ReadProfile {}).await.expect("a profile")
    }

    async fn journal(&self, reader: &Person) -> Vec<wire::journal::JournalRow> {
        self.call(Some(&reader.session), ReadJournal { person: None, before: None }).await.expect("a page").rows
    }

    async fn refused_action(&self, reader: &Person, account: Uuid, action: PersonAction) -> Option<RefusalCode> {
        let view = self.call(Some(&reader.session), ReadPerson { account }).await.expect("a person");
        let found = view.actions.into_iter().find(|each| each.action == action).expect("offered, or refused with the reason");
        found.refused.map(|refusal| refusal.code)
    }
}

/// A sole owner, the one administrator, and a case about them, in a workspace of a hundred hours.
struct Small {
    played: Played,
    owner: Person,
    ada: (Uuid, Person),
}

async fn small() -> Small {
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    played.clock.turn(100 * HOUR);
    let owner = played.again(owner).await;
    Small { played, owner, ada }
}

impl Small {
    async fn open(&self, act: CaseAct) -> CaseRow {
        self.played.open_case(&self.owner, self.ada.0, act).await.expect("open");
        self.played.case_of(&self.owner, self.ada.0).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sole_owner_and_the_kit_bring_back_the_one_administrator_who_lost_the_phone() {
    let small = small().await;
    let row = small.open(CaseAct::SecondFactor).await;
    let second = row.second.expect("waits");
    assert!(second.people.is_empty() && second.at.is_none() && second.kit_refused.is_none(), "the window says so");
    assert!(row.may_use_kit && !row.may_approve);
    let Small { played, owner, ada } = small;
    assert_eq!(played.approve_by_kit(&owner, row.id, &played.kit_code().to_lowercase()).await.expect("approved"), None);
    let approved = played.case_of(&owner, ada.0).await;
    assert!(approved.may_carry_out && approved.approver.is_none() && approved.approved_at.is_some());
    let code = played.carry_out(&owner, row.id).await.expect("carried out");
    let (next, session) = played.first_door(&ada.1.email).await.expect("the first door");
    assert_eq!(next, Next::RecoveryCode);
    assert_eq!(played.call(Some(&session), GiveCode { code: secret(&code) }).await.expect("claimed").next, Next::Enrol);
    let ada = (ada.0, played.enrol(&ada.1.email, session).await);

    // Told to everybody who administers anything, with what it was for and about whom; and a new kit is asked for.
    for person in [&owner, &ada.1] {
        let used = played.profile(person).await.kit_used.expect("told");
        assert_eq!((used.owner.expect("by whom").email.as_str(), used.for_case), (owner.email.as_str(), true));
        assert_eq!(used.case_of.expect("about whom").id, ada.0);
        let kinds: Vec<String> = played.journal(person).await.into_iter().map(|row| row.kind).collect();
        for kind in ["case.approved", "kit.approved-case", "case.carried-out", "factor.reset"] {
            assert!(kinds.iter().any(|found| found == kind), "{kind} in {kinds:?}");
        }
        played.call(Some(&person.session), AcknowledgeKit {}).await.expect("known");
        assert!(played.profile(person).await.kit_used.is_none());
    }
    assert_eq!(played.profile(&owner).await.kit_trouble, Some(KitTrouble::Used));
    let entry = played.journal(&owner).await.into_iter().find(|row| row.kind == "case.approved").expect("an entry");
    assert_eq!(entry.words["how"], "kit");
    assert!(!format!("{:?}", played.journal(&owner).await).contains(&played.kit_code()[..11]), "no secret is journalled");
    assert_eq!(played.approve_by_kit(&owner, row.id, &played.kit_code()).await.expect_err("once").code, RefusalCode::CaseOver);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_both_lost_the_opener_is_shown_both_codes_one_after_the_other() {
    let small = small().await;
    let row = small.open(CaseAct::Both).await;
    let Small { played, owner, ada } = small;
    let password_code = played.approve_by_kit(&owner, row.id, &played.kit_code()).await.expect("approved").expect("shown");
    let redeem = || RedeemPasswordCode {
        email: ada.1.email.clone(),
        code: secret(&password_code),
        password: secret("another one, long enough alone"),
    };
    assert!(played.call(None, redeem()).await.is_err(), "it opens nothing before the case is carried out");
    let recovery_code = played.carry_out(&owner, row.id).await.expect("carried out");
    let (step, session) = played.call_opening(None, redeem()).await.expect("changed");
    assert_eq!(step.next, Next::RecoveryCode);
    let claim = played.call(session.as_ref(), GiveCode { code: secret(&recovery_code) }).await.expect("claimed");
    assert_eq!(claim.next, Next::Enrol);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kit_is_for_the_opener_alone_and_only_where_there_is_nobody() {
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let grace = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    let mia = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.open_case(&owner, ada.0, CaseAct::Both).await.expect("open");
    let row = played.case_of(&owner, ada.0).await;
    assert!(!row.may_use_kit, "{row:?}");
    let kit = played.kit_code();
    for (by, refused) in [
        (&owner, RefusalCode::KitNotNeeded),
        (&grace.1, RefusalCode::NotAllowed),
        (&ada.1, RefusalCode::OnSelf),
        (&mia.1, RefusalCode::NotAllowed),
    ] {
        assert_eq!(played.approve_by_kit(by, row.id, &kit).await.expect_err("refused").code, refused, "{}", by.email);
    }
    assert_eq!(played.approve_by_kit(&owner, Uuid::nil(), &kit).await.expect_err("no case").code, RefusalCode::NotAllowed);
    // The one who could approve is locked out: from then on there is nobody, and a restored role makes somebody again.
    played.call(Some(&owner.session), DeactivatePerson { account: grace.0 }).await.expect("deactivated");
    assert!(played.case_of(&owner, ada.0).await.may_use_kit);
    assert!(played.profile(&owner).await.kit_used.is_none(), "what was refused was no use");
    played.approve_by_kit(&owner, row.id, &kit).await.expect("approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_kit_is_counted_and_waits_and_a_replaced_one_is_wrong() {
    let small = small().await;
    let row = small.open(CaseAct::SecondFactor).await;
    let Small { played, owner, .. } = small;
    let right = played.kit_code();
    // What has another form costs nothing, and neither does a wrong password get as far as the kit.
    for text in [&right[..28], "123456", &owner.codes[0], ""] {
        assert_eq!(played.approve_by_kit(&owner, row.id, text).await.expect_err("no kit").code, RefusalCode::KitMistyped, "{text}");
    }
    let proof = Proof { password: secret("not this one, surely"), code: None };
    let unproved = ApproveCaseByKit { case: row.id, code: secret(&right), proof };
    assert_eq!(played.call(Some(&owner.session), unproved).await.expect_err("not proved").code, RefusalCode::WrongPassword);
    for number in 0..5 {
        let wrong = typed(&Kit::draw(&mut Drawing(&System)));
        let refused = played.approve_by_kit(&owner, row.id, &wrong).await.expect_err("wrong");
        let slow = played.clock.now();
        assert_eq!(refused.code, RefusalCode::CaseKitWrong, "{number} at {slow:?}: half a minute apart, none locks yet");
    }
    // At the door the same address goes on where it was: typed there at once, they lock.
    let at_the_door = async |code: &str| {
        let request = RecoverOwner { email: owner.email.clone(), code: secret(code), password: secret(PASSWORD) };
        played.call(None, request).await.expect_err("refused").code
    };
    let mut last = RefusalCode::WrongKit;
    for _ in 0..4 {
        last = at_the_door(&typed(&Kit::draw(&mut Drawing(&System)))).await;
    }
    assert_eq!(last, RefusalCode::Wait);
    assert_eq!(played.approve_by_kit(&owner, row.id, &right).await.expect_err("waits").code, RefusalCode::Wait);
    played.clock.turn(31 * 60);
    let owner = played.again(owner).await;

    // Replaced: the old one is wrong, and the new one counts three days later.
    let new = Kit::draw(&mut Drawing(&System));
    let drawn = DrawnKit { slot: new.slot(), verifier: new.verifier().to_bytes() };
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), BeginKit { kit: drawn, change: None, proof }).await.expect("begun");
    played.call(Some(&owner.session), NoteKitKept { slot: new.slot(), how: SavedAs::Printed }).await.expect("kept");
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::New(new.clone()) };
    played.authority.store().rotate(rotation, played.clock.now(), &mut Drawing(&System), unwatched()).await.expect("rotated");
    played.authority.settle_kits(played.authority.store().kit_slot()).await.expect("settled");
    for kit in [&right, &typed(&new)] {
        assert_eq!(played.approve_by_kit(&owner, row.id, kit).await.expect_err("too young").code, RefusalCode::KitTooYoung);
    }
    let told = played.case_of(&owner, row.person.id).await;
    assert!(!told.may_use_kit && told.second.expect("waits").kit_refused.expect("why").at.is_some(), "the window says from when on");
    played.call(Some(&owner.session), WithdrawCase { case: row.id }).await.expect("withdrawn");
    played.clock.turn(73 * HOUR);
    let owner = played.again(owner).await;
    played.open_case(&owner, row.person.id, CaseAct::SecondFactor).await.expect("open");
    let row = played.case_of(&owner, row.person.id).await;
    assert_eq!(played.approve_by_kit(&owner, row.id, &right).await.expect_err("replaced").code, RefusalCode::CaseKitWrong);
    played.approve_by_kit(&owner, row.id, &typed(&new)).await.expect("the new one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_without_a_kit_says_so() {
    let small = small().await;
    let row = small.open(CaseAct::SecondFactor).await;
    small.played.authority.settle_kits(None).await.expect("as after a restore by passphrase");
    let refused = small.played.approve_by_kit(&small.owner, row.id, &small.played.kit_code()).await.expect_err("none");
    assert_eq!(refused.code, RefusalCode::KitMissing);
    let told = small.played.case_of(&small.owner, small.ada.0).await.second.expect("waits").kit_refused;
    assert_eq!(told.map(|refusal| refusal.code), Some(RefusalCode::KitMissing));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_case_takes_no_kit_and_of_two_windows_one_approves() {
    let small = small().await;
    let row = small.open(CaseAct::Both).await;
    let Small { played, owner, ada } = small;
    let code = played.kit_code();
    played.clock.turn(24 * HOUR);
    let owner = played.again(owner).await;
    assert_eq!(played.approve_by_kit(&owner, row.id, &code).await.expect_err("late").code, RefusalCode::CaseExpired);

    played.open_case(&owner, ada.0, CaseAct::Both).await.expect("open");
    let row = played.case_of(&owner, ada.0).await;
    played.clock.turn(30);
    let elsewhere = played.sign_in_with_phone(&owner).await.expect("a second window");
    let first = ApproveCaseByKit { case: row.id, code: secret(&code), proof: played.proof(&owner) };
    let second = ApproveCaseByKit {
        case: row.id,
        code: secret(&code),
        proof: Proof { password: secret(PASSWORD), code: Some(secret(&owner.codes[1])) },
    };
    let (a, b) = tokio::join!(played.call(Some(&owner.session), first), played.call(Some(&elsewhere), second));
    let refused: Vec<_> = [a.err(), b.err()].into_iter().flatten().map(|refusal| refusal.code).collect();
    assert_eq!(refused, [RefusalCode::CaseOver]);
    let uses = played.journal(&owner).await.into_iter().filter(|row| row.kind == "kit.approved-case").count();
    assert_eq!(uses, 1);
}

/// An administrator of another community learns that the kit was used, and of nobody by it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_reaches_the_target_not_is_told_without_their_name() {
    let small = small().await;
    let Small { played, owner, ada } = small;
    let made = wire::communities::MakeCommunity { name: "Annexe".into() };
    played.call(Some(&owner.session), made).await.expect("made");
    let communities = played.call(Some(&owner.session), wire::communities::ListCommunities {}).await.expect("a list").rows;
    let annexe = communities.iter().find(|row| row.name == "Annexe").expect("the annexe").id;
    let request = wire::people::Invite {
        name: "Nora".into(),
        email: "nora@example.org".into(),
        community: Some(annexe),
        role: RoleName::Administrator,
    };
    let issued = played.call(Some(&owner.session), request).await.expect("invited");
    let accept = wire::sign_in::AcceptInvitation {
        email: "nora@example.org".into(),
        code: secret(issued.code.expose()),
        password: secret(PASSWORD),
    };
    let (_, session) = played.call_opening(None, accept).await.expect("accepted");
    let nora = played.enrol("nora@example.org", session.expect("a session")).await;
    played.open_case(&owner, ada.0, CaseAct::SecondFactor).await.expect("open");
    let row = played.case_of(&owner, ada.0).await;
    assert!(row.may_use_kit, "an administrator of elsewhere is no second person");
    played.approve_by_kit(&owner, row.id, &played.kit_code()).await.expect("approved");
    let used = played.profile(&nora).await.kit_used.expect("told");
    assert!(used.for_case && used.case_of.is_none() && used.owner.is_some());
    let journal = played.journal(&nora).await;
    assert!(journal.iter().any(|row| row.kind == "kit.approved-case" && row.subject.is_none()));
    assert!(journal.iter().all(|row| row.kind != "case.approved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_administrator_is_reactivated_by_two_people() {
    let (played, mut owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (_, mut grace) = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    let (_, mut sam) = played.join(&owner, "sam@example.org", RoleName::Support).await;
    for (act, action) in [(CaseAct::Reactivation, PersonAction::Reactivate), (CaseAct::SignsInHere, PersonAction::UnmarkElsewhere)] {
        played.clock.turn(30);
        (owner, grace, sam) = (played.again(owner).await, played.again(grace).await, played.again(sam).await);
        let alone = match act {
            CaseAct::Reactivation => {
                played.call(Some(&owner.session), DeactivatePerson { account: ada.0 }).await.expect("deactivated");
                let proof = played.proof(&owner);
                played.call(Some(&owner.session), ReactivatePerson { account: ada.0, proof }).await.map(drop)
            }
            _ => {
                played.call(Some(&owner.session), MarkElsewhere { account: ada.0 }).await.expect("sent elsewhere");
                let proof = played.proof(&owner);
                played.call(Some(&owner.session), UnmarkElsewhere { account: ada.0, proof }).await.map(drop)
            }
        };
        assert_eq!(alone.expect_err("not alone").code, RefusalCode::TakesTwo);
        assert_eq!(played.refused_action(&owner, ada.0, action).await, Some(RefusalCode::TakesTwo));
        assert!(played.first_door(&ada.1.email).await.is_err());
        assert_eq!(played.open_case(&sam, ada.0, act).await.expect_err("support").code, RefusalCode::NotAllowed);
        assert_eq!(played.open_case(&owner, ada.0, act).await, Ok(act));
        let row = played.case_of(&owner, ada.0).await;
        assert_eq!(played.approve(&sam, row.id).await.expect_err("support").code, RefusalCode::NotAllowed);
        assert_eq!(played.approve(&owner, row.id).await.expect_err("one's own").code, RefusalCode::OwnCase);
        assert_eq!(played.approve(&grace, row.id).await.expect("approved"), None);
        assert_eq!(played.carry_out_quietly(&grace, row.id).await.expect_err("not the opener").code, RefusalCode::NotAllowed);
        assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect("carried out"), None, "there is no code");
        assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect_err("once").code, RefusalCode::CaseOver);
        assert!(played.sign_in_with_phone(&ada.1).await.is_ok(), "with what they had");
    }
    let kinds: Vec<String> = played.journal(&owner).await.into_iter().map(|row| row.kind).collect();
    assert!(["person.reactivated", "person.unmarked-elsewhere"].iter().all(|kind| kinds.iter().any(|found| found == kind)), "{kinds:?}");
}

/// Reset by one person and then deactivated, a member is opened again by two; and what follows within 72 hours takes two.
#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_reset_is_opened_by_two_or_called_off() {
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let mia = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.reset(&owner, mia.0).await.expect("reset");
    played.call(Some(&owner.session), DeactivatePerson { account: mia.0 }).await.expect("deactivated");
    let refused = played.refused_action(&owner, mia.0, PersonAction::Reactivate).await;
    assert_eq!(refused, Some(RefusalCode::SecondEffectAfterReset));
    played.open_case(&owner, mia.0, CaseAct::Reactivation).await.expect("open");
    let row = played.case_of(&owner, mia.0).await;
    played.call(Some(&ada.1.session), WithdrawCase { case: row.id }).await.expect("withdrawn");
    assert_eq!(played.approve(&ada.1, row.id).await.expect_err("over").code, RefusalCode::CaseOver);
    played.open_case(&owner, mia.0, CaseAct::Reactivation).await.expect("open");
    let row = played.case_of(&owner, mia.0).await;
    played.approve(&ada.1, row.id).await.expect("approved");
    assert_eq!(played.carry_out_quietly(&owner, row.id).await.expect("carried out"), None);
    assert_eq!(played.first_door(&mia.1.email).await.expect("open").0, Next::RecoveryCode, "still closed until recovered");
    assert!(played.reset(&owner, mia.0).await.is_err(), "after a reactivation a reset takes two");
    assert_eq!(played.open_case(&owner, mia.0, CaseAct::SecondFactor).await, Ok(CaseAct::SecondFactor));
    assert_eq!(played.open_case(&owner, mia.0, CaseAct::Reactivation).await.expect_err("open already").code, RefusalCode::AccountOpen);
}
