//! "This was not me": said with the code of a notice or of an entry, seen and settled by staff.

use domain::{
    Refusal as DomainRefusal,
    account::Account,
    gate::{self, Act, Role},
    id::{AccountId, CommunityId},
    readiness::Hour,
    report::{self, Pointed, Report, ReportCode, ReportTry},
    words::Name,
};
use secrecy::ExposeSecret;
use wire::{
    Refusal, SessionToken,
    mail::{ReportEntry, ReportNotMe, ReportView, SettleReport},
    sign_in::Done,
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, Counted, settle},
    mail::words,
    refusals,
    store::{Begin, Being, JournalQuery, Only, PeopleQuery, ReportsQuery, Store},
    views,
};

/// People read at once while those are sought who administer somebody.
const MANY: u32 = 1_000;
/// Reports on the desk at most.
const ROWS: u32 = 50;

impl<S: Store> Authority<S> {
    /// No session: whoever reads the notice may be locked out.
    pub(crate) async fn report_not_me(&self, request: ReportNotMe) -> Result<Done, Refusal> {
        let code = ReportCode::read(request.code.expose_secret()).map_err(refusals::form)?;
        let (key, hash) = (self.throttle_key_of(Counted::Report, ""), self.key.report_hash(&code));
        settle!(self, ground => async {
            ground.workspace().await?;
            let tried = ReportTry { key, failures: ground.throttle(key).await? };
            // Counted first: while it waits, the outbox is not even asked.
            let mail = if report::open(&tried.failures, ground.now).is_ok() { ground.mail_answered_by(hash).await? } else { None };
            let (mut found, mut earlier, mut concerned) = (None, None, Vec::new());
            if let Some(mail) = mail
                && let Some(account) = ground.account(mail.to).await?
            {
                earlier = ground.report(account.id).await?;
                concerned = self.administering(&account).await?;
                found = Some((mail, account));
            }
            Ok::<_, Refusal>(report::by_code(tried, found, earlier, &concerned, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn report_entry(&self, token: Option<&SessionToken>, request: ReportEntry) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let own = acting.account.id;
            let query = JournalQuery { person: Some(own), communities: None, before: request.entry.checked_add(1), limit: 1 };
            let newest = self.store.journal(&query).await.map_err(refusals::store)?.pop();
            let owned = newest.is_some_and(|line| line.entry.index() == request.entry);
            let earlier = ground.report(own).await?;
            let concerned = self.administering(&acting.account).await?;
            Ok::<_, Refusal>(report::by_entry(&acting.account, &acting.session, (request.entry, owned), earlier, &concerned, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn settle_report(&self, token: Option<&SessionToken>, request: SettleReport) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            gate::may(&acting.account.standing(), Act::SettleReport(target.standing())).map_err(|denied| refusals::domain(denied.into()))?;
            let note = Name::read(&request.note).map_err(|_| refusals::domain(DomainRefusal::NoteEmpty))?;
            let report = ground.report(target.id).await?;
            Ok(report::settle(&acting.account, &acting.session, &target, report, &note, ground.now))
        })?;
        Ok(Done {})
    }

    /// Owners, and whoever administers a community of this person.
    pub(crate) async fn administering(&self, person: &Account) -> Result<Vec<AccountId>, Refusal> {
        self.administering_in(person.memberships.iter().map(|held| held.community).collect()).await
    }

    /// Owners, and whoever administers one of these communities.
    pub(crate) async fn administering_in(&self, communities: Vec<CommunityId>) -> Result<Vec<AccountId>, Refusal> {
        let mut people: Vec<_> = self.store.owners().await.map_err(refusals::store)?.into_iter().map(|found| found.record.id).collect();
        if communities.is_empty() {
            return Ok(people);
        }
        let only = Only { being: Some(Being::Holding(Role::Administrator)), state: None };
        let everybody = PeopleQuery::everybody(Hour::plain(self.ground().now), MANY);
        let mut query = PeopleQuery { only, communities: Some(communities), ..everybody };
        loop {
            let page = self.store.people(&query).await.map_err(refusals::store)?;
            people.extend(page.rows.iter().filter(|account| !account.owner).map(|account| account.id));
            match page.next {
                Some((name, id)) => query.begin = Begin::After(name, id),
                None => return Ok(people),
            }
        }
    }

    /// What waits on the desk of this reader.
    pub(crate) async fn waiting_reports(&self, ground: &mut Ground<'_, S>, acting: &Acting) -> Result<Vec<ReportView>, Refusal> {
        let query = ReportsQuery { communities: acting.account.standing().reach(Role::Support), limit: ROWS };
        let mut rows = Vec::new();
        for found in self.store.reports(&query).await.map_err(refusals::store)? {
            let Some(account) = ground.account(found.record.account).await? else { continue };
            rows.extend(view(&acting.account, &account, &found.record));
        }
        Ok(rows)
    }

    /// Letters that wait, for whoever hands them over.
    pub(crate) async fn waiting_letters(&self, acting: &Acting) -> Result<Option<u64>, Refusal> {
        let standing = acting.account.standing();
        if gate::may(&standing, Act::ReadOutbox).is_err() {
            return Ok(None);
        }
        let counts = self.store.count_mail(standing.reach(Role::Administrator).as_deref()).await.map_err(refusals::store)?;
        Ok(Some(counts.iter().filter(|counted| counted.state == "letter").map(|counted| counted.count).sum()))
    }
}

/// What staff see of a report; `None` once it is settled, and for whoever may not know of the person.
pub(crate) fn view(reader: &Account, person: &Account, report: &Report) -> Option<ReportView> {
    let standing = reader.standing();
    let seen = report.waits() && gate::may(&standing, Act::See(person.standing())).is_ok();
    let (notice, entry) = match report.pointed {
        Pointed::Notice(kind) => (Some(words::kind(kind)), None),
        Pointed::Entry(entry) => (None, Some(entry)),
    };
    seen.then(|| ReportView {
        person: views::person(person),
        at: report.first_at.0,
        last_at: report.last_at.0,
        count: report.count,
        notice,
        entry,
        signed_in: report.signed_in,
        may_settle: gate::may(&standing, Act::SettleReport(person.standing())).is_ok(),
    })
}
