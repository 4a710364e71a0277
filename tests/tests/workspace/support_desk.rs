//! The support desk: the case behind every reset, what takes two people, and who asked for help.

use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    account::ReadProfile,
    journal::ReadJournal,
    people::{ResetSecondFactor, RoleName},
    person::ChangeRole,
    sign_in::{GiveCode, Next, RedeemPasswordCode, WhoAmI},
    support::{
        ApproveCase, AskStaff, CarryOutCase, CaseAct, CaseRow, Desk, DismissRequest, OpenCase, ReadDesk, SetChecklist, SupportAnswers,
        WithdrawCase,
    },
};

use crate::played::{PASSWORD, Person, Played, secret, support};

const HOUR: i64 = 3600;

impl Played {
    pub(crate) async fn desk(&self, reader: &Person) -> Desk {
        self.call(Some(&reader.session), ReadDesk {}).await.expect("a desk")
    }

    pub(crate) async fn case_of(&self, reader: &Person, account: Uuid) -> CaseRow {
        self.desk(reader).await.cases.into_iter().find(|row| row.person.id == account).expect("a case")
    }

    pub(crate) async fn open_case(&self, by: &Person, account: Uuid, act: CaseAct) -> Result<CaseAct, Refusal> {
        let proof = self.proof(by);
        Ok(self.call(Some(&by.session), OpenCase { account, act, email: None, token: None, support: support(), proof }).await?.act)
    }

    pub(crate) async fn approve(&self, by: &Person, case: Uuid) -> Result<Option<String>, Refusal> {
        let proof = self.proof(by);
        let approved = self.call(Some(&by.session), ApproveCase { case, proof }).await?;
        Ok(approved.code.map(|issued| issued.code.expose().to_owned()))
    }

    pub(crate) async fn carry_out_quietly(&self, by: &Person, case: Uuid) -> Result<Option<String>, Refusal> {
        let proof = self.proof(by);
        let code = self.call(Some(&by.session), CarryOutCase { case, proof }).await?.code;
        Ok(code.map(|issued| issued.code.expose().to_owned()))
    }

    pub(crate) async fn carry_out(&self, by: &Person, case: Uuid) -> Result<String, Refusal> {
        Ok(self.carry_out_quietly(by, case).await?.expect("a code"))
    }
}

/// An owner, two administrators and a member.
struct Crew {
    played: Played,
    owner: Person,
    ada: (Uuid, Person),
    grace: (Uuid, Person),
    mia: (Uuid, Person),
}

async fn crew() -> Crew {
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let grace = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    let mia = played.join(&owner, "mia@example.org", RoleName::Member).await;
    Crew { played, owner, ada, grace, mia }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_reset_by_two_people() {
    let Crew { played, owner, ada, grace, mia } = crew().await;
    assert_eq!(played.reset(&owner, ada.0).await.expect_err("not alone").code, RefusalCode::TakesTwo);
    assert_eq!(played.open_case(&owner, ada.0, CaseAct::SecondFactor).await, Ok(CaseAct::SecondFactor));
    let row = played.case_of(&owner, ada.0).await;
    assert!(row.mine && !row.may_approve && !row.may_carry_out);
    assert_eq!(row.second.as_ref().expect("waits").people.iter().map(|person| person.id).collect::<Vec<_>>(), [grace.0]);
    assert_eq!(played.approve(&owner, row.id).await.expect_err("one's own").code, RefusalCode::OwnCase);
    assert_eq!(played.approve(&ada.1, row.id).await.expect_err("the target").code, RefusalCode::OnSelf);
    assert_eq!(played.approve(&mia.1, row.id).await.expect_err("a member").code, RefusalCode::NotAllowed);
    assert_eq!(played.carry_out(&owner, row.id).await.expect_err("too soon").code, RefusalCode::CaseUnapproved);
    assert!(played.is_signed_in(&ada.1.session).await);

    assert!(played.case_of(&grace.1, ada.0).await.may_approve);
    assert_eq!(played.approve(&grace.1, row.id).await.expect("approved"), None);
    assert_eq!(played.carry_out(&grace.1, row.id).await.expect_err("not the opener").code, RefusalCode::NotAllowed);
    let code = played.carry_out(&owner, row.id).await.expect("carried out");
    assert!(!played.is_signed_in(&ada.1.session).await, "every session ended");
    let (next, session) = played.first_door(&ada.1.email).await.expect("the first door");
    assert_eq!(next, Next::RecoveryCode);
    assert_eq!(played.call(Some(&session), GiveCode { code: secret(&code) }).await.expect("claimed").next, Next::Enrol);
    assert_eq!(played.carry_out(&owner, row.id).await.expect_err("once").code, RefusalCode::CaseOver);
    assert!(played.desk(&owner).await.cases.is_empty());

    let journal = played.call(Some(&owner.session), ReadJournal { person: Some(ada.0), before: None }).await.expect("a page");
    for kind in ["case.opened", "case.approved", "case.carried-out", "factor.reset"] {
        assert!(journal.rows.iter().any(|row| row.kind == kind), "{kind}");
    }
    let reset = journal.rows.iter().find(|row| row.kind == "factor.reset").expect("an entry");
    assert_eq!((reset.words["asked"].as_str(), reset.words["channel"].as_str()), ("Mia herself", "phone"));
    assert!(reset.words.values().all(|word| !word.contains(&code[..5])), "no secret is journalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn password_and_second_factor_lost_give_each_of_two_people_one_code() {
    let Crew { played, ada, grace, mia, .. } = crew().await;
    // A reset by one person, and then the password is gone too: both are given anew.
    played.reset(&ada.1, mia.0).await.expect("reset");
    assert_eq!(played.open_case(&ada.1, mia.0, CaseAct::Password).await, Ok(CaseAct::Both));
    let id = played.case_of(&ada.1, mia.0).await.id;
    let password_code = played.approve(&grace.1, id).await.expect("approved").expect("shown to the approver");
    let redeem = || RedeemPasswordCode {
        email: mia.1.email.clone(),
        code: secret(&password_code),
        password: secret("another one, long enough alone"),
    };
    assert!(played.call(None, redeem()).await.is_err(), "it opens nothing before the case is carried out");
    let recovery_code = played.carry_out(&ada.1, id).await.expect("carried out");
    let (step, session) = played.call_opening(None, redeem()).await.expect("changed");
    assert_eq!(step.next, Next::RecoveryCode);
    let claim = played.call(session.as_ref(), GiveCode { code: secret(&recovery_code) }).await.expect("claimed");
    assert_eq!(claim.next, Next::Enrol);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_open_or_approve_at_once_one_does() {
    let Crew { played, owner, ada, grace, mia } = crew().await;
    let (a, b) = tokio::join!(played.open_case(&ada.1, mia.0, CaseAct::Both), played.open_case(&grace.1, mia.0, CaseAct::Both),);
    let refused: Vec<_> = [&a, &b].iter().filter_map(|outcome| outcome.as_ref().err().map(|refusal| refusal.code)).collect();
    assert_eq!(refused, [RefusalCode::CaseOpen], "{a:?} {b:?}");
    let row = played.case_of(&owner, mia.0).await;
    played.call(Some(&owner.session), WithdrawCase { case: row.id }).await.expect("withdrawn by somebody else of the staff");
    played.open_case(&owner, mia.0, CaseAct::Both).await.expect("free again");
    let id = played.case_of(&owner, mia.0).await.id;
    let (a, b) = tokio::join!(played.approve(&ada.1, id), played.approve(&grace.1, id));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_ends_after_a_day_by_withdrawal_and_with_the_role() {
    let Crew { played, owner, ada, grace, mia } = crew().await;
    played.open_case(&ada.1, mia.0, CaseAct::Both).await.expect("open");
    let id = played.case_of(&ada.1, mia.0).await.id;
    played.call(Some(&ada.1.session), WithdrawCase { case: id }).await.expect("withdrawn");
    assert_eq!(played.approve(&grace.1, id).await.expect_err("over").code, RefusalCode::CaseOver);

    // Approved, and then the approver is no administrator any more.
    played.open_case(&ada.1, mia.0, CaseAct::Both).await.expect("open");
    let id = played.case_of(&ada.1, mia.0).await.id;
    played.approve(&grace.1, id).await.expect("approved");
    let community = played.community(&owner.session).await;
    let proof = played.proof(&owner);
    let demote = ChangeRole { account: grace.0, community, role: Some(RoleName::Member), proof };
    played.call(Some(&owner.session), demote).await.expect("demoted");
    assert_eq!(played.carry_out(&ada.1, id).await.expect_err("void").code, RefusalCode::CaseVoid);
    assert!(played.call(Some(&mia.1.session), ReadProfile {}).await.expect("still in").factor.is_some(), "nobody was reset");
    assert_eq!(played.carry_out(&ada.1, id).await.expect_err("still").code, RefusalCode::CaseVoid);

    played.open_case(&ada.1, mia.0, CaseAct::Both).await.expect("open");
    let id = played.case_of(&ada.1, mia.0).await.id;
    played.clock.turn(24 * HOUR);
    let session = played.sign_in_with_phone(&owner).await.expect("in again");
    let owner = Person { session, ..owner };
    assert_eq!(played.approve(&owner, id).await.expect_err("late").code, RefusalCode::CaseExpired);
    assert!(played.desk(&owner).await.cases.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_three_days_after_it_was_given_and_the_desk_says_when() {
    let (played, owner) = Played::begin().await;
    let (ada, _) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    played.clock.turn(100 * HOUR);
    let session = played.sign_in_with_phone(&owner).await.expect("in again");
    let owner = Person { session, ..owner };
    played.open_case(&owner, ada, CaseAct::SecondFactor).await.expect("open");
    let second = played.case_of(&owner, ada).await.second.expect("waits");
    assert!(second.people.is_empty() && second.at.is_none(), "only the kit");

    let made = played.clock.now().0;
    let (_, grace) = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    let row = played.case_of(&grace, ada).await;
    let at = row.second.expect("waits").at.expect("a moment");
    assert!((made..made + HOUR).contains(&(at - 72 * HOUR)), "{at}");
    assert_eq!(row.approve_refused.expect("too young").code, RefusalCode::RoleTooYoung);
    assert_eq!(played.approve(&grace, row.id).await.expect_err("too young").at, Some(at));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reset_without_a_case_that_is_filled_in() {
    let Crew { played, owner, mia, .. } = crew().await;
    let attempt = async |support: SupportAnswers| {
        let proof = played.proof(&owner);
        played.call(Some(&owner.session), ResetSecondFactor { account: mia.0, support, proof }).await.err().map(|refusal| refusal.code)
    };
    assert_eq!(attempt(SupportAnswers { checked: vec![], ..support() }).await, Some(RefusalCode::CaseIncomplete));
    assert_eq!(attempt(SupportAnswers { reason: " ".into(), ..support() }).await, Some(RefusalCode::CaseIncomplete));
    assert_eq!(attempt(SupportAnswers { checked: vec!["Trust me".into()], ..support() }).await, Some(RefusalCode::ChecklistChanged));
    // The list is the workspace's own, and its owners' alone.
    let entries = vec!["Staff badge".to_owned(), String::new()];
    let refused = played.call(Some(&mia.1.session), SetChecklist { entries: entries.clone(), was: None }).await.expect_err("a member");
    assert_eq!(refused.code, RefusalCode::NotAllowed);
    played.call(Some(&owner.session), SetChecklist { entries, was: None }).await.expect("saved");
    assert_eq!(played.desk(&owner).await.checklist, ["Staff badge"]);
    assert_eq!(attempt(support()).await, Some(RefusalCode::ChecklistChanged));
    assert_eq!(attempt(SupportAnswers { checked: vec!["Staff badge".into()], ..support() }).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_use_their_authenticator_asks_and_waits_on_the_desk() {
    let Crew { played, owner, ada, mia, .. } = crew().await;
    assert_eq!(played.call(None, AskStaff {}).await.expect_err("nobody").code, RefusalCode::SessionEnded);
    assert_eq!(played.call(Some(&mia.1.session), AskStaff {}).await.expect_err("inside").code, RefusalCode::SessionStage);
    let (_, door) = played.first_door(&mia.1.email).await.expect("the first door");
    assert!(played.desk(&ada.1).await.requests.is_empty());
    played.call(Some(&door), AskStaff {}).await.expect("asked");
    assert_eq!(played.call(Some(&door), AskStaff {}).await.expect_err("once").code, RefusalCode::AlreadyAsked);
    let waiting = played.desk(&ada.1).await.requests;
    assert_eq!(waiting.iter().map(|row| row.person.id).collect::<Vec<_>>(), [mia.0]);
    played.call(Some(&ada.1.session), DismissRequest { account: mia.0, asked_at: None }).await.expect("put away");
    assert!(played.desk(&ada.1).await.requests.is_empty());
    assert_eq!(played.call(Some(&door), AskStaff {}).await.expect_err("too soon").code, RefusalCode::AlreadyAsked);

    // A reset answers it.
    played.clock.turn(HOUR);
    let session = played.sign_in_with_phone(&owner).await.expect("in again");
    let owner = Person { session, ..owner };
    let (_, door) = played.first_door(&mia.1.email).await.expect("the first door");
    played.call(Some(&door), AskStaff {}).await.expect("asked again");
    assert_eq!(played.desk(&owner).await.requests.len(), 1);
    played.reset(&owner, mia.0).await.expect("reset");
    assert!(played.desk(&owner).await.requests.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn members_learn_nothing_of_the_desk() {
    let Crew { played, owner, ada, mia, .. } = crew().await;
    played.open_case(&owner, ada.0, CaseAct::SecondFactor).await.expect("open");
    let id = played.case_of(&owner, ada.0).await.id;
    let session = Some(&mia.1.session);
    let proof = || wire::proof::Proof { password: secret(PASSWORD), code: None };
    let read = played.call(session, ReadDesk {}).await.map(|_| ());
    let opened = played
        .call(session, OpenCase { account: ada.0, act: CaseAct::Both, email: None, token: None, support: support(), proof: proof() })
        .await
        .map(|_| ());
    let approved = played.call(session, ApproveCase { case: id, proof: proof() }).await.map(|_| ());
    let unknown = played.call(session, ApproveCase { case: Uuid::nil(), proof: proof() }).await.map(|_| ());
    let carried = played.call(session, CarryOutCase { case: id, proof: proof() }).await.map(|_| ());
    let withdrawn = played.call(session, WithdrawCase { case: id }).await.map(|_| ());
    let dismissed = played.call(session, DismissRequest { account: ada.0, asked_at: None }).await.map(|_| ());
    for (n, answer) in [read, opened, approved, unknown, carried, withdrawn, dismissed].into_iter().enumerate() {
        assert_eq!(answer.expect_err("refused").code, RefusalCode::NotAllowed, "{n}");
    }
    assert!(played.call(session, WhoAmI {}).await.is_ok());
}
