//! The sample workspace of a drill: made by the rules that hold for any other, and nowhere once it is over.

use authority::{
    Authority, Drawing, System,
    sample::{Arrival, Figure, Past, Plan, Sample},
};
use tempfile::TempDir;
use vault::{Unpublished, Vault};
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    people::{ListPeople, ResetSecondFactor, RoleName},
    person::{PersonView, ReadPerson, UnlockPerson, WhyCode},
    proof::Proof,
    sign_in::{Reach, WhoAmI},
};

use crate::played::{secret, support};

const FIGURES: &[Figure] = &[
    Figure { name: "Ines Moreau", email: "ines@harbour.example", elsewhere: true, role: RoleName::Member, arrival: Arrival::Password },
    Figure {
        name: "Helen Castle",
        email: "helen@harbour.example",
        elsewhere: false,
        role: RoleName::Administrator,
        arrival: Arrival::Enrolled,
    },
    Figure { name: "Daniel Hart", email: "daniel@harbour.example", elsewhere: false, role: RoleName::Member, arrival: Arrival::Password },
    Figure { name: "Li Wei", email: "li@harbour.example", elsewhere: false, role: RoleName::Member, arrival: Arrival::Invited },
];

struct Rehearsal {
    authority: Authority<Vault>,
    sample: Sample,
    session: SessionToken,
    made: Unpublished,
    folder: TempDir,
}

impl Rehearsal {
    async fn begin(caller: usize, locked: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = vault::prepare(folder.path(), "Harbour", &secret("nobody knows it"), &mut Drawing(&System)).await.expect("a vault");
        let past = Past::default();
        let authority = Authority::new(made.store().clone(), made.sealing_key(), past.clone(), "test");
        let plan = Plan {
            french: false,
            name: "Harbour",
            community: "Yard",
            device: "Phone",
            owner: ("Ruth Okafor", "ruth@harbour.example"),
            staff: ("Sam Whitfield", "sam@harbour.example"),
            figures: FIGURES,
            caller,
            locked,
        };
        let (sample, session) = authority.make_sample(&past, &plan).await.expect("a sample");
        Self { authority, sample, session, made, folder }
    }

    async fn call<U: UseCase>(&self, request: U) -> Result<U::Reply, Refusal> {
        U::reply(self.authority.call(Some(&self.session), request.into()).await?.response)
    }

    async fn caller(&self) -> PersonView {
        self.call(ReadPerson { account: self.sample.caller.id }).await.expect("the caller")
    }

    fn proof(&self) -> Proof {
        let staff = &self.sample.staff;
        Proof { password: staff.password.clone(), code: Some(staff.code_at(authority::Surroundings::now(&System).0)) }
    }
}

#[tokio::test]
async fn its_staff_is_in_and_finds_somebody_locked_out_whom_unlocking_helps() {
    let rehearsal = Rehearsal::begin(0, true).await;
    let me = rehearsal.call(WhoAmI {}).await.expect("in");
    assert_eq!((me.reach, me.person.email.as_str(), me.keeps_vault), (Reach::Full, "sam@harbour.example", false));
    let page = rehearsal.call(ListPeople::default()).await.expect("people");
    assert_eq!((page.rows.len(), page.communities.len()), (5, 2), "all but the owner, who is in no community");
    assert_eq!(rehearsal.caller().await.why.code, WhyCode::CodeWait);
    rehearsal.call(UnlockPerson { account: rehearsal.sample.caller.id }).await.expect("unlocked");
    assert_eq!(rehearsal.caller().await.why.code, WhyCode::Nothing);
}

#[tokio::test]
async fn its_staff_resets_with_the_password_and_code_on_the_card_and_no_administrator() {
    let rehearsal = Rehearsal::begin(2, false).await;
    assert_eq!(rehearsal.caller().await.why.code, WhyCode::Nothing);
    let account = rehearsal.sample.caller.id;
    let reset = ResetSecondFactor { account, support: support(), proof: rehearsal.proof() };
    rehearsal.call(reset).await.expect("the code that signed in was not the present one");
    assert_eq!(rehearsal.caller().await.why.code, WhyCode::RecoveryWaits);

    let rehearsal = Rehearsal::begin(1, false).await;
    let account = rehearsal.sample.caller.id;
    let reset = ResetSecondFactor { account, support: support(), proof: rehearsal.proof() };
    assert_eq!(rehearsal.call(reset).await.expect_err("an administrator").code, RefusalCode::NotAllowed);
}

#[tokio::test]
async fn no_list_shows_it_and_nothing_of_it_stays() {
    let Rehearsal { made, folder, authority, .. } = Rehearsal::begin(0, false).await;
    let left = || std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!((vault::known(folder.path()).len(), left()), (0, 1));
    vault::sweep(folder.path());
    assert_eq!(left(), 1, "it is held for as long as the drill goes on");
    drop(authority);
    made.discard().await;
    assert_eq!(left(), 0);

    // The process died in the middle of one.
    let Rehearsal { made, folder, authority, .. } = Rehearsal::begin(0, false).await;
    made.store().close().await;
    drop((made, authority));
    vault::sweep(folder.path());
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
