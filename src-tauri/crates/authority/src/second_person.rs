//! The second person of a case: who could be one, and the recovery kit where nobody could.

use domain::{
    account::Account,
    case::{
        self, Case,
        second::{self, KitApproving, may_use_kit},
    },
    code::Kind,
    gate::Role,
    id::CaseId,
    kit::record::Concerned,
    readiness::Hour,
    workspace::Workspace,
};
use wire::{
    Refusal, SessionToken,
    people::IssuedCode,
    support::{ApproveCaseByKit, CaseApproved, SecondPerson},
};

use crate::{
    ground::Ground,
    kits::read_kit,
    local::{Authority, settle},
    refusals,
    store::{Begin, Being, Only, PeopleQuery, Store},
    views,
};

/// Staff read at once, of each role.
const STAFF: u32 = 100;
/// Those who could approve that are shown.
const NAMED: usize = 4;

impl<S: Store> Authority<S> {
    /// Who could approve, for whoever reads of the case.
    pub(crate) async fn second_person(
        &self,
        ground: &mut Ground<'_, S>,
        workspace: &Workspace,
        case: &Case,
        opener: &Account,
        target: &Account,
    ) -> Result<SecondPerson, Refusal> {
        let (found, staff) = self.among_staff(ground, workspace, case, target).await?;
        let kit_refused = may_use_kit(opener, case, workspace, target, &found, ground.now).err().map(refusals::domain);
        let nobody = SecondPerson { people: Vec::new(), at: None, kit_refused };
        Ok(match found {
            case::SecondPerson::Eligible(ids) => {
                let named = staff.iter().filter(|account| ids.contains(&account.id)).take(NAMED).map(views::person);
                SecondPerson { people: named.collect(), ..nobody }
            }
            case::SecondPerson::NobodyYet(at) => SecondPerson { at: Some(at.0), ..nobody },
            case::SecondPerson::OnlyTheKit => nobody,
        })
    }

    /// Looked for among the owners and the staff of the target's communities, until somebody is found or there is nobody
    /// left to ask about.
    async fn among_staff(
        &self,
        ground: &mut Ground<'_, S>,
        workspace: &Workspace,
        case: &Case,
        target: &Account,
    ) -> Result<(case::SecondPerson, Vec<Account>), Refusal> {
        let mut staff = ground.owners().await?;
        let among = |staff: &[Account]| case::second_person(workspace, staff, case, target, ground.now);
        for role in [Role::Administrator, Role::Support] {
            let mut query = PeopleQuery {
                communities: Some(target.memberships.iter().map(|held| held.community).collect()),
                only: Only { being: Some(Being::Holding(role)), state: None },
                ..PeopleQuery::everybody(Hour::plain(ground.now), STAFF)
            };
            loop {
                let page = self.store.people(&query).await.map_err(refusals::store)?;
                for account in page.rows {
                    if staff.iter().all(|other| other.id != account.id) {
                        staff.push(account);
                    }
                }
                match page.next {
                    Some((name, id)) if !matches!(among(&staff), case::SecondPerson::Eligible(_)) => {
                        query.begin = Begin::After(name, id);
                    }
                    _ => break,
                }
            }
        }
        Ok((among(&staff), staff))
    }

    pub(crate) async fn approve_case_by_kit(
        &self,
        token: Option<&SessionToken>,
        request: ApproveCaseByKit,
    ) -> Result<CaseApproved, Refusal> {
        let code = read_kit(&request.code)?;
        let (shown, password) = self.issue(Kind::Password).await?;
        let mut about = None;
        let shown_until = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let (case, target) = self.known(&mut ground, CaseId(request.case)).await?;
            about = Some(target.id);
            let (second, _) = self.among_staff(&mut ground, &acting.workspace, &case, &target).await?;
            let key = self.kit_key(&acting.account.email.folded());
            let failures = ground.throttle(key).await?;
            // What is refused anyhow hashes no password, and asks about nobody else.
            let held = may_use_kit(&acting.account, &case, &acting.workspace, &target, &second, ground.now).map_err(refusals::domain)?;
            let concerned = if held.verifier.is_proved_by(&code) { self.concerned().await? } else { Concerned::default() };
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let (case, workspace) = (case, acting.workspace);
            let approving =
                KitApproving { case, workspace, target: &target, second: &second, code: &code, key, failures, password, concerned: &concerned };
            Ok(second::approve_with_kit(&acting.policy, acting.account, acting.session, approving, &proof, ground.now))
        })?;
        let code = match (shown_until, about) {
            (Some(until), Some(target)) => Some(IssuedCode { expires_at: until.0, ..self.issued(target, shown, 0).await? }),
            _ => None,
        };
        Ok(CaseApproved { code })
    }
}
