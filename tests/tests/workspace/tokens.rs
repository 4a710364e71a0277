//! Tokens through the seam, on a real vault: imported, assigned, proved by their holder, and back in the stock.

use std::{ops::ControlFlow, sync::Arc};

use domain::oath::{Algorithm, Digits, Moving, OathSecret, Parameters};
use secrecy::ExposeSecret;
use uuid::Uuid;
use wire::{
    RefusalCode, SessionToken,
    account::{Profile, ReadProfile},
    import::Told,
    people::RoleName,
    proof::Proof,
    sign_in::AcceptInvitation,
    tokens::{
        AssignToken, CheckTokens, ImportTokens, ListTokens, ProveToken, ReadOwnTokens, ResyncToken, RetireToken, SeedRow, SeedVerdict,
        TokenAlgorithm, TokenOrigin, TokenState, TokenView, TokensChecked, TokensImported, UnassignToken, UndoTokenImport,
    },
};

use crate::{
    epoch::Taken,
    played::{Person, Played, secret},
};

const COUNTED: Parameters = Parameters { moving: Moving::Counter, digits: Digits::Eight, algorithm: Algorithm::Sha256 };

/// A token of the box: its codes, by counter.
fn device(number: u8) -> OathSecret {
    OathSecret::of(&[number; 32], COUNTED).expect("256 bits")
}

fn code(number: u8, counter: u64) -> secrecy::SecretString {
    device(number).code_of(counter)
}

fn row(number: u8, holder: Option<&str>) -> SeedRow {
    SeedRow {
        serial: Some(format!("00-{number}")),
        holder: holder.map(str::to_owned),
        label: None,
        maker: Some("Harbour Keys".into()),
        secret: vec![number; 32].into(),
        moving: wire::tokens::Moving::Counter { next: 0 },
        digits: 8,
        algorithm: TokenAlgorithm::Sha256,
    }
}

fn check(rows: &[SeedRow], origin: TokenOrigin, community: Option<Uuid>) -> CheckTokens {
    CheckTokens { rows: rows.to_vec(), origin, community }
}

async fn checked(played: &Played, by: &Person, rows: &[SeedRow]) -> TokensChecked {
    played.call(Some(&by.session), check(rows, TokenOrigin::Hardware, None)).await.expect("checked")
}

fn import(played: &Played, by: &Person, rows: &[SeedRow], origin: TokenOrigin, seen: &str) -> ImportTokens {
    ImportTokens {
        rows: rows.to_vec(),
        origin,
        community: None,
        file_name: "box.csv".into(),
        seen: seen.into(),
        proof: played.proof(by),
        told: Told::default(),
    }
}

async fn imported(played: &Played, by: &Person, rows: &[SeedRow]) -> TokensImported {
    let seen = checked(played, by, rows).await.seen;
    played.call(Some(&by.session), import(played, by, rows, TokenOrigin::Hardware, &seen)).await.expect("imported")
}

/// A large box takes a while: whoever stops it half-way has none of it, and may begin again.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_tokens_that_is_stopped_leaves_none() {
    let (played, owner) = Played::begin().await;
    let rows: Vec<SeedRow> = (0..150).map(|number| row(number, None)).collect();
    let seen = checked(&played, &owner, &rows).await.seen;
    let asked = || import(&played, &owner, &rows, TokenOrigin::Hardware, &seen);
    let told =
        Told::by(Arc::new(|done, total| if done >= 100 && total >= 150 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }));
    let stopped = played.call(Some(&owner.session), ImportTokens { told, ..asked() }).await;
    assert_eq!(stopped.expect_err("stopped").code, RefusalCode::Stopped);
    assert_eq!(listed(&played, &owner).await.len(), 0);
    assert_eq!(played.call(Some(&owner.session), asked()).await.expect("imported").added, 150);
}

async fn listed(played: &Played, by: &Person) -> Vec<TokenView> {
    played.call(Some(&by.session), ListTokens::default()).await.expect("listed").rows
}

async fn assign(played: &Played, by: &Person, token: Uuid, account: Uuid) -> Result<(), RefusalCode> {
    let request = AssignToken { token, account, proof: played.proof(by) };
    played.call(Some(&by.session), request).await.map(drop).map_err(|refusal| refusal.code)
}

async fn prove(
    played: &Played,
    session: &SessionToken,
    token: Uuid,
    code: secrecy::SecretString,
    proof: Option<Proof>,
) -> Result<usize, RefusalCode> {
    let request = ProveToken { token, code, following: None, proof };
    played.call(Some(session), request).await.map(|enrolled| enrolled.codes.len()).map_err(|refusal| refusal.code)
}

async fn profile(played: &Played, session: &SessionToken) -> Profile {
    played.call(Some(session), ReadProfile {}).await.expect("a profile")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_from_the_box_to_its_holder_and_back() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let batch = imported(&played, &owner, &[row(1, None), row(2, Some("MIA@example.org")), row(3, Some("nobody@example.org"))]).await;
    assert_eq!((batch.added, batch.assigned, batch.left_out), (3, 1, 0));
    let rows = listed(&played, &owner).await;
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [TokenState::Free, TokenState::Assigned, TokenState::Free]);
    assign(&played, &owner, rows[0].id, id).await.expect("assigned");
    assert_eq!(assign(&played, &owner, rows[0].id, id).await, Err(RefusalCode::TokenNotFree), "once");

    // It opens nothing before its holder proved a code of it.
    let attempt = |counter| code(1, counter).expose_secret().to_owned();
    let refused = played.sign_in(&member.email, &attempt(0)).await.expect_err("not theirs yet");
    assert_eq!((refused.code, refused.number), (RefusalCode::CodeDigits, Some(8)));
    let mine = played.call(Some(&member.session), ReadOwnTokens {}).await.expect("mine").tokens;
    assert_eq!(mine.len(), 2);
    let proof = || Some(played.proof(&member));
    assert_eq!(
        prove(&played, &owner.session, rows[0].id, code(1, 0), Some(played.proof(&owner))).await,
        Err(RefusalCode::TokenGone),
        "not the owner's"
    );
    assert_eq!(prove(&played, &member.session, rows[0].id, code(1, 0), None).await, Err(RefusalCode::WrongPassword));
    assert_eq!(prove(&played, &member.session, rows[0].id, code(2, 0), proof()).await, Err(RefusalCode::TokenCodeWrong));
    assert_eq!(prove(&played, &member.session, rows[0].id, code(1, 3), proof()).await, Ok(0), "their backup codes stay");
    assert_eq!(listed(&played, &owner).await[0].state, TokenState::Active);

    assert_eq!(
        played.call(Some(&owner.session), UndoTokenImport { batch: batch.batch }).await.expect_err("in use").code,
        RefusalCode::TokenInUse
    );

    // The counter moved with it: what is behind is spent, also across a restart, and what was accepted is accepted once.
    let played = played.reopen().await;
    for (counter, expected) in
        [(2, Err(RefusalCode::CodeUsed)), (3, Err(RefusalCode::CodeUsed)), (4, Ok(())), (4, Err(RefusalCode::CodeUsed)), (6, Ok(()))]
    {
        played.clock.turn(60);
        let outcome = played.sign_in(&member.email, &attempt(counter)).await;
        assert_eq!(outcome.map(drop).map_err(|refusal| refusal.code), expected, "{counter}");
    }
    // A reset lets go of it: it is free, and its old codes are nobody's.
    played.clock.turn(72 * 3600);
    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    played.reset(&owner, id).await.expect("reset");
    let rows = listed(&played, &owner).await;
    assert_eq!((rows[0].state, rows[0].holder.as_ref().map(|holder| holder.id)), (TokenState::Free, Some(id)));
    played.call(Some(&owner.session), RetireToken { token: rows[0].id }).await.expect("retired");
    assert_eq!(assign(&played, &owner, rows[0].id, id).await, Err(RefusalCode::TokenNotFree));
    assert_eq!(checked(&played, &owner, &[row(1, None)]).await.rows[0].verdict, SeedVerdict::Here, "it is known again");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_comes_for_the_first_time_sets_up_with_their_token() {
    let (played, owner) = Played::begin().await;
    let (_, invitation) = played.invite(&owner, "nia@example.org", RoleName::Member).await;
    imported(&played, &owner, &[row(7, Some("nia@example.org"))]).await;
    // Too short to stand alone: a second factor is asked for at once.
    let request = AcceptInvitation { email: "nia@example.org".into(), code: secret(&invitation), password: secret("ochre-lamp-9") };
    let (_, session) = played.call_opening(None, request).await.expect("accepted");
    let session = session.expect("a session");
    let own = played.call(Some(&session), ReadOwnTokens {}).await.expect("mine").tokens;
    assert_eq!(own[0].name, "Harbour Keys 00-7");
    assert_eq!(prove(&played, &session, own[0].id, code(7, 12), None).await, Err(RefusalCode::TokenCodeWrong), "pressed too often");
    let both = ProveToken { token: own[0].id, code: code(7, 12), following: Some(code(7, 13)), proof: None };
    assert_eq!(played.call(Some(&session), both).await.expect("proved").codes.len(), 10);
    let factor = profile(&played, &session).await.factor.expect("active");
    assert!(factor.authenticators[0].token && factor.authenticators[0].digits == 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_stays_out_and_nothing_is_imported_that_was_not_shown() {
    let (played, owner) = Played::begin().await;
    let (_, support) = played.join(&owner, "sam@example.org", RoleName::Support).await;
    let (_, administrator) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let base = row(1, None);
    let rows = [
        base.clone(),
        base.clone(),
        SeedRow { serial: Some("00-1".into()), secret: vec![9; 32].into(), ..base.clone() },
        SeedRow { secret: vec![2; 10].into(), ..base.clone() },
        SeedRow { secret: vec![3; 65].into(), ..base.clone() },
        SeedRow { digits: 7, secret: vec![4; 20].into(), ..base.clone() },
        SeedRow { moving: wire::tokens::Moving::Time { step_seconds: 45, drift: 0 }, secret: vec![5; 20].into(), ..base.clone() },
        SeedRow { serial: Some("9".repeat(301)), secret: vec![6; 20].into(), ..base.clone() },
        // An administrator: giving them a token takes two people.
        SeedRow { serial: None, holder: Some("ada@example.org".into()), secret: vec![7; 20].into(), ..base },
    ];
    use SeedVerdict::{Digits, New, NewForNobody, SecretTooLong, SecretTooShort, Step, TooLong, Twice};
    let shown = checked(&played, &owner, &rows).await;
    let verdicts: Vec<_> = shown.rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [New, Twice, Twice, SecretTooShort, SecretTooLong, Digits, Step, TooLong, NewForNobody]);
    assert!(!format!("{shown:?} {rows:?}").contains("7, 7, 7"), "no secret is told");

    let stale = import(&played, &owner, &rows[1..], TokenOrigin::Hardware, &shown.seen);
    assert_eq!(played.call(Some(&owner.session), stale).await.expect_err("another file").code, RefusalCode::PreflightStale);
    for (who, community) in [(&support, None), (&administrator, None), (&administrator, Some(Uuid::from_u128(7)))] {
        let refused = played.call(Some(&who.session), check(&rows, TokenOrigin::Hardware, community)).await.expect_err("not theirs");
        assert_eq!(refused.code, RefusalCode::NotAllowed);
    }
    assert_eq!(played.call(Some(&support.session), ListTokens::default()).await.expect_err("staff only").code, RefusalCode::NotAllowed);
    let community = Some(played.community(&administrator.session).await);
    assert!(played.call(Some(&administrator.session), check(&rows, TokenOrigin::Hardware, community)).await.is_ok());
    let batch = imported(&played, &owner, &rows).await;
    assert_eq!(batch.added, 2);
    assert!(listed(&played, &administrator).await.is_empty(), "the workspace's stock is the owner's");
    played.call(Some(&owner.session), UndoTokenImport { batch: batch.batch }).await.expect("undone");
    assert!(listed(&played, &owner).await.is_empty());
    assert_eq!(checked(&played, &owner, &rows).await.added, 2, "as if they had never been here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_that_somebody_brings_is_theirs_alone() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let own =
        SeedRow { serial: None, maker: None, label: Some("Old phone".into()), holder: Some("olive@example.org".into()), ..row(5, None) };
    let rows = [own];
    let shown = played.call(Some(&member.session), check(&rows, TokenOrigin::Brought, None)).await.expect("checked");
    played.call(Some(&member.session), import(&played, &member, &rows, TokenOrigin::Brought, &shown.seen)).await.expect("imported");
    assert!(played.call(Some(&owner.session), ReadOwnTokens {}).await.expect("none").tokens.is_empty(), "whatever the file says");
    assert!(listed(&played, &owner).await.is_empty(), "no stock");
    let mine = played.call(Some(&member.session), ReadOwnTokens {}).await.expect("mine").tokens;
    assert_eq!(assign(&played, &owner, mine[0].id, Uuid::nil()).await, Err(RefusalCode::NotAllowed));
    assert_eq!(prove(&played, &member.session, mine[0].id, code(5, 0), Some(played.proof(&member))).await, Ok(0));
    let factor = profile(&played, &member.session).await.factor.expect("active");
    assert!(factor.authenticators.iter().any(|each| each.name == "Old phone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restored_backup_a_counter_opens_nothing_before_two_codes_in_a_row() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    imported(&played, &owner, &[row(1, Some("mia@example.org")), row(2, Some("mia@example.org")), row(3, None)]).await;
    let mine = played.call(Some(&member.session), ReadOwnTokens {}).await.expect("mine").tokens;
    let first = mine.iter().find(|token| token.name.ends_with("00-1")).expect("it").id;
    prove(&played, &member.session, first, code(1, 0), Some(played.proof(&member))).await.expect("proved");
    let taken = Taken::of(&played).await;
    // Used after the backup was taken: what is restored knows nothing of it.
    let seen = code(1, 1).expose_secret().to_owned();
    played.sign_in(&member.email, &seen).await.expect("good then");
    let restored = taken.restored(&played, true).await;
    let attempt = async |counter| {
        restored.clock.turn(60);
        restored.sign_in(&member.email, code(1, counter).expose_secret()).await.map_err(|refusal| refusal.code)
    };
    assert_eq!(attempt(1).await.err(), Some(RefusalCode::TokenOutOfStep), "used before");
    assert_eq!(attempt(5).await.err(), Some(RefusalCode::TokenOutOfStep));
    assert_eq!(attempt(6).await.err(), Some(RefusalCode::TokenInStepAgain));
    let session = attempt(7).await.expect("in step");
    assert!(restored.call(Some(&session), ReadOwnTokens {}).await.expect("none").tokens.is_empty(), "an assignment of before is void");

    // The holder brings it back by hand, too; and staff for them.
    let id = profile(&restored, &session).await.factor.expect("active").authenticators.iter().find(|each| each.token).expect("it").id;
    let resync = |first, second, account| ResyncToken { account, authenticator: id, first: code(1, first), second: code(1, second) };
    assert_eq!(restored.call(Some(&session), resync(300, 302, None)).await.expect_err("a gap").code, RefusalCode::TokenCodeWrong);
    restored.call(Some(&session), resync(300, 301, None)).await.expect("in step");
    assert!(attempt(302).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_taken_back_in_time_is_nobodys() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    imported(&played, &owner, &[row(1, Some("mia@example.org"))]).await;
    let token = listed(&played, &owner).await[0].id;
    played.call(Some(&owner.session), UnassignToken { token }).await.expect("back");
    assert_eq!(prove(&played, &member.session, token, code(1, 0), Some(played.proof(&member))).await, Err(RefusalCode::TokenGone));
    let refused = played.call(Some(&member.session), AssignToken { token, account: id, proof: played.proof(&member) }).await;
    assert_eq!(refused.expect_err("not theirs to give").code, RefusalCode::NotAllowed);
}

/// An administrator's token takes two people; which one is said when the case is opened.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_give_an_administrator_a_token() {
    use wire::support::{CaseAct, OpenCase};
    let (played, owner) = Played::begin().await;
    let ada = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (_, grace) = played.join(&owner, "grace@example.org", RoleName::Administrator).await;
    imported(&played, &owner, &[row(1, None), row(2, None)]).await;
    let tokens = listed(&played, &owner).await;
    assert_eq!(assign(&played, &owner, tokens[0].id, ada.0).await, Err(RefusalCode::TakesTwo));
    let open = async |by: &Person, token| {
        let (act, support, proof) = (CaseAct::Token, crate::played::support(), played.proof(by));
        let request = OpenCase { account: ada.0, act, email: None, token, support, proof };
        played.call(Some(&by.session), request).await.map(drop).map_err(|refusal| refusal.code)
    };
    assert_eq!(open(&owner, None).await, Err(RefusalCode::CaseIncomplete));
    assert_eq!(open(&owner, Some(Uuid::nil())).await, Err(RefusalCode::TokenNotFree));
    assert_eq!(open(&grace, Some(tokens[0].id)).await, Err(RefusalCode::NotAllowed), "the workspace's own stock is the owner's");
    assert_eq!(open(&ada.1, Some(tokens[0].id)).await, Err(RefusalCode::OnSelf));
    assert_eq!(open(&owner, Some(tokens[0].id)).await, Ok(()));
    let case = played.case_of(&owner, ada.0).await;
    assert_eq!(case.brings.as_deref(), Some("Harbour Keys 00-1"));
    assert_eq!(played.approve(&grace, case.id).await.expect("approved"), None);
    assert_eq!(played.carry_out_quietly(&owner, case.id).await.expect("carried out"), None);
    assert_eq!(listed(&played, &owner).await[0].state, TokenState::Assigned);
    let refused = played.sign_in(&ada.1.email, code(1, 0).expose_secret()).await.expect_err("not theirs yet");
    assert_eq!(refused.code, RefusalCode::CodeDigits);

    // Approved, and then given to somebody else.
    let (mia, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    let grace = Person { session: played.sign_in_with_phone(&grace).await.expect("in"), ..grace };
    assert_eq!(open(&owner, Some(tokens[1].id)).await, Ok(()));
    let case = played.case_of(&owner, ada.0).await;
    played.approve(&grace, case.id).await.expect("approved");
    assign(&played, &owner, tokens[1].id, mia).await.expect("assigned");
    assert_eq!(played.carry_out_quietly(&owner, case.id).await.expect_err("gone").code, RefusalCode::TokenNotFree);
}
