//! The support desk: what waits there, cases of two people, and requests for help.

use domain::{
    account::Account,
    case::{self, Approving, Bringing, Brings, CASE_VALIDITY, CarryingOut, Case, CaseState, Opening, People},
    code::Kind,
    gate::{self, Act, Role},
    id::{AccountId, CaseId, TokenId},
    policy::DAY,
    request,
    support::{Answers, Channel, Checklist, SupportNote, set_checklist},
    time::Moment,
    words::Email,
    workspace::Workspace,
};
use wire::{
    Refusal, RefusalCode, SessionToken,
    outbox::Settled,
    people::IssuedCode,
    sign_in::Done,
    support::{
        self, ApproveCase, AskStaff, CarryOutCase, CaseApproved, CaseCarriedOut, CaseOpened, CaseRow, Desk, DismissRequest, OpenCase,
        ReadChecklist, ReadDesk, RequestRow, SetChecklist, SupportAnswers, WithdrawCase,
    },
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle},
    refusals,
    store::{DeskQuery, Store},
    views,
};

/// Rows of each list at most.
const ROWS: u32 = 50;
const REQUESTS_STAND: i64 = 7 * DAY;

impl<S: Store> Authority<S> {
    pub(crate) async fn read_desk(&self, token: Option<&SessionToken>, request: ReadDesk) -> Result<Desk, Refusal> {
        let ReadDesk {} = request;
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ListPeople) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let now = ground.now;
        let query = DeskQuery {
            communities: standing.reach(Role::Support),
            reader: acting.account.id,
            cases_after: now.plus(-CASE_VALIDITY),
            requests_after: now.plus(-REQUESTS_STAND),
            limit: ROWS,
        };
        let waiting = self.store.waiting(&query).await.map_err(refusals::store)?;
        let mut requests = Vec::new();
        for found in waiting.requests {
            let Some(account) = ground.account(found.record.account).await? else { continue };
            if found.record.waits(&account, now) && gate::may(&standing, Act::See(account.standing())).is_ok() {
                let may_dismiss = gate::may(&standing, Act::Unlock(account.standing())).is_ok();
                requests.push(RequestRow { person: views::person(&account), asked_at: found.record.asked_at.0, may_dismiss });
            }
        }
        let mut cases = Vec::new();
        for found in waiting.cases.into_iter().filter(|found| found.record.is_waiting(now)) {
            cases.extend(self.case_row(&mut ground, &acting, found.record).await?);
        }
        Ok(Desk {
            requests,
            cases,
            checklist: entries(&acting.workspace.checklist()),
            may_set_checklist: gate::may(&standing, Act::SetPolicy).is_ok(),
            reports: self.waiting_reports(&mut ground, &acting).await?,
            letters: self.waiting_letters(&acting).await?,
        })
    }

    /// `None` when it is about somebody whom the reader may not know of.
    async fn case_row(&self, ground: &mut Ground<'_, S>, acting: &Acting, case: Case) -> Result<Option<CaseRow>, Refusal> {
        let (reader, now) = (&acting.account, ground.now);
        let Some(target) = ground.account(case.target).await? else { return Ok(None) };
        let mine = case.opener == reader.id;
        if !mine && gate::may(&reader.standing(), Act::See(target.standing())).is_err() {
            return Ok(None);
        }
        let Some(opener) = ground.account(case.opener).await? else { return Ok(None) };
        let people = People { workspace: &acting.workspace, opener: Some(&opener), target: &target };
        let open = matches!(case.state, CaseState::Open);
        let refused = case::may_approve(reader, &case, people, now).err();
        let (approver, approved_at) = match &case.state {
            CaseState::Approved { by, at, .. } => {
                let approver = match by {
                    Some(by) => ground.account(*by).await?,
                    None => None,
                };
                (approver.as_ref().map(views::person), Some(at.0))
            }
            _ => (None, None),
        };
        let brings = match &case.brings {
            Brings::Nothing => None,
            Brings::Email(email) => Some(email.as_str().to_owned()),
            Brings::Token(id) => ground.token(*id).await?.and_then(|token| token.called()),
        };
        let second = if open { Some(self.second_person(ground, &acting.workspace, &case, &opener, &target).await?) } else { None };
        let may_use_kit = mine && second.as_ref().is_some_and(|second| second.people.is_empty() && second.kit_refused.is_none());
        Ok(Some(CaseRow {
            id: case.id.0,
            person: views::person(&target),
            act: act(case.act),
            brings,
            opener: views::person(&opener),
            opened_at: case.opened_at.0,
            expires_at: case.expires_at().0,
            approver,
            approved_at,
            asked_by: case.note.asked_by.as_str().into(),
            checked: case.note.checked.iter().map(|entry| entry.as_str().to_owned()).collect(),
            reason: case.note.reason.as_str().into(),
            channel: channel(case.note.channel),
            mine,
            second,
            may_approve: open && refused.is_none(),
            approve_refused: refused.filter(|_| open).map(refusals::domain),
            may_use_kit,
            may_carry_out: case::may_carry_out(reader, &case, now).is_ok(),
        }))
    }

    pub(crate) async fn open_case(&self, token: Option<&SessionToken>, request: OpenCase) -> Result<CaseOpened, Refusal> {
        let (id, target) = (CaseId::random(&mut self.entropy()), AccountId(request.account));
        let asked = match request.act {
            support::CaseAct::SecondFactor => case::CaseAct::SecondFactor,
            support::CaseAct::Password => case::CaseAct::Password,
            support::CaseAct::Both => case::CaseAct::Both,
            support::CaseAct::Reactivation => case::CaseAct::Reactivation,
            support::CaseAct::SignsInHere => case::CaseAct::SignsInHere,
            support::CaseAct::Email => case::CaseAct::Email,
            support::CaseAct::Token => case::CaseAct::Token,
        };
        let brings = match asked {
            case::CaseAct::Email => Brings::Email(Email::read(request.email.as_deref().unwrap_or_default()).map_err(refusals::domain)?),
            case::CaseAct::Token => Brings::Token(TokenId(request.token.ok_or(RefusalCode::CaseIncomplete)?)),
            _ => Brings::Nothing,
        };
        let opened = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(target).await?;
            let others = ground.cases_about(target.id).await?;
            case::may_open(&acting.account, &target, asked, &others, ground.now).map_err(refusals::domain)?;
            let note = note(&acting.workspace, &request.support)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let bringing = self.bringing(&mut ground, target.id, &brings).await?;
            let opening = Opening { id, target, asked, bringing, note, others: &others };
            Ok(case::open(&acting.policy, acting.account, acting.session, opening, &proof, ground.now))
        })?;
        Ok(CaseOpened { act: act(opened) })
    }

    pub(crate) async fn approve_case(&self, token: Option<&SessionToken>, request: ApproveCase) -> Result<CaseApproved, Refusal> {
        let (code, password) = self.issue(Kind::Password).await?;
        let mut about = None;
        let shown = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let (case, target) = self.known(&mut ground, CaseId(request.case)).await?;
            about = Some(target.id);
            let opener = ground.account(case.opener).await?;
            let people = People { workspace: &acting.workspace, opener: opener.as_ref(), target: &target };
            case::may_approve(&acting.account, &case, people, ground.now).map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let approving = Approving { case, people, password };
            Ok(case::approve(&acting.policy, acting.account, acting.session, approving, &proof, ground.now))
        })?;
        let code = match (shown, about) {
            (Some(until), Some(target)) => Some(IssuedCode { expires_at: until.0, ..self.issued(target, code, 0).await? }),
            _ => None,
        };
        Ok(CaseApproved { code })
    }

    pub(crate) async fn withdraw_case(&self, token: Option<&SessionToken>, request: WithdrawCase) -> Result<Settled, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let (case, target) = self.known(&mut ground, CaseId(request.case)).await?;
            Ok(case::withdraw(&acting.account, case, &target, ground.now))
        })?;
        Ok(Settled::default())
    }

    pub(crate) async fn carry_out_case(&self, token: Option<&SessionToken>, request: CarryOutCase) -> Result<CaseCarriedOut, Refusal> {
        let (recovery, recovery_hash) = self.issue(Kind::Recovery).await?;
        let (password, password_hash) = self.issue(Kind::Password).await?;
        let mut carried = None;
        let expires_at = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let (case, target) = self.known(&mut ground, CaseId(request.case)).await?;
            carried = Some((case.act, target.id));
            case::may_carry_out(&acting.account, &case, ground.now).map_err(refusals::domain)?;
            let approver = match case.state {
                CaseState::Approved { by: Some(by), .. } => ground.account(by).await?,
                _ => None,
            };
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            // The code lives as long as the rules of the person allow who is to use it.
            let recovery_validity = ground.policy_of(&acting.workspace, &target).await?.recovery_validity;
            let code = if case.act == case::CaseAct::Password { password_hash } else { recovery_hash };
            let bringing = self.bringing(&mut ground, target.id, &case.brings).await?;
            let (workspace, approver) = (&acting.workspace, approver.as_ref());
            let carrying_out = CarryingOut { case, workspace, approver, target, bringing, code, recovery_validity };
            Ok(case::carry_out(&acting.policy, acting.account, acting.session, carrying_out, &proof, ground.now))
        })?;
        let (done, target) = carried.ok_or(RefusalCode::Unexpected)?;
        let code = if done == case::CaseAct::Password { password } else { recovery };
        let code = match expires_at {
            Some(expires_at) => Some(IssuedCode { expires_at: expires_at.0, ..self.issued(target, code, 0).await? }),
            None => None,
        };
        Ok(CaseCarriedOut { act: act(done), code })
    }

    /// What a case brings, as it is now. A token that is gone is no longer free.
    async fn bringing(&self, ground: &mut Ground<'_, S>, target: AccountId, brings: &Brings) -> Result<Bringing, Refusal> {
        Ok(match brings {
            Brings::Nothing => Bringing::Nothing,
            Brings::Email(email) => Bringing::Email(self.new_email(ground, target, email).await?),
            Brings::Token(id) => Bringing::Token(Box::new(ground.token(*id).await?.ok_or(RefusalCode::TokenNotFree)?)),
        })
    }

    /// A case and its target. One that is not there is refused like one out of reach.
    pub(crate) async fn known(&self, ground: &mut Ground<'_, S>, id: CaseId) -> Result<(Case, Account), Refusal> {
        let case = ground.case(id).await?.ok_or(RefusalCode::NotAllowed)?;
        let target = ground.target(case.target).await?;
        Ok((case, target))
    }

    pub(crate) async fn read_checklist(&self, token: Option<&SessionToken>, request: ReadChecklist) -> Result<support::Checklist, Refusal> {
        let ReadChecklist {} = request;
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(denied) = gate::may(&acting.account.standing(), Act::ListPeople) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        Ok(support::Checklist { entries: entries(&acting.workspace.checklist()) })
    }

    pub(crate) async fn set_checklist(&self, token: Option<&SessionToken>, request: SetChecklist) -> Result<Settled, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            gate::may(&acting.account.standing(), Act::SetPolicy).map_err(|denied| refusals::domain(denied.into()))?;
            let checklist = Checklist::read(&request.entries).map_err(refusals::domain)?;
            Ok(set_checklist(&acting.account, acting.workspace, checklist, request.was.as_deref()))
        })?;
        Ok(Settled::default())
    }

    pub(crate) async fn ask_staff(&self, token: Option<&SessionToken>, request: AskStaff) -> Result<Done, Refusal> {
        let AskStaff {} = request;
        settle!(self, ground => async {
            let acting = ground.acting(token).await?;
            let earlier = ground.help_request(acting.account.id).await?;
            Ok(request::ask(&acting.account, &acting.session, earlier.as_ref(), ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn dismiss_request(&self, token: Option<&SessionToken>, request: DismissRequest) -> Result<Settled, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            let waiting = ground.help_request(target.id).await?;
            Ok(request::dismiss(&acting.account, &target, waiting, request.asked_at.map(Moment), ground.now))
        })?;
        Ok(Settled::default())
    }
}

/// Reads what staff filled in, against the list of the workspace.
///
/// # Errors
/// As [`SupportNote::read`].
pub fn note(workspace: &Workspace, filled: &SupportAnswers) -> Result<SupportNote, Refusal> {
    SupportNote::read(&answers(filled), &workspace.checklist()).map_err(refusals::domain)
}

/// What staff filled in, as the rules have it.
pub(crate) fn answers(answers: &SupportAnswers) -> Answers {
    let channel = match answers.channel {
        support::Channel::InPerson => Channel::InPerson,
        support::Channel::Phone => Channel::Phone,
        support::Channel::Video => Channel::Video,
        support::Channel::Letter => Channel::Letter,
        support::Channel::OtherStaff => Channel::OtherStaff,
    };
    Answers { asked_by: answers.asked_by.clone(), checked: answers.checked.clone(), reason: answers.reason.clone(), channel }
}

fn entries(checklist: &Checklist) -> Vec<String> {
    checklist.entries().map(str::to_owned).collect()
}

fn act(act: case::CaseAct) -> support::CaseAct {
    match act {
        case::CaseAct::SecondFactor => support::CaseAct::SecondFactor,
        case::CaseAct::Password => support::CaseAct::Password,
        case::CaseAct::Both => support::CaseAct::Both,
        case::CaseAct::Reactivation => support::CaseAct::Reactivation,
        case::CaseAct::SignsInHere => support::CaseAct::SignsInHere,
        case::CaseAct::Email => support::CaseAct::Email,
        case::CaseAct::Token => support::CaseAct::Token,
    }
}

fn channel(channel: Channel) -> support::Channel {
    match channel {
        Channel::InPerson => support::Channel::InPerson,
        Channel::Phone => support::Channel::Phone,
        Channel::Video => support::Channel::Video,
        Channel::Letter => support::Channel::Letter,
        Channel::OtherStaff => support::Channel::OtherStaff,
    }
}
