//! What is written down whenever staff give somebody a way in: who asked, how that was checked, why, and how the code
//! reaches them. And the checklist that a workspace goes by.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    gate::{self, Act},
    words::{Language, Name},
    workspace::Workspace,
};

/// Entries of a checklist at most.
pub const CHECKLIST_ENTRIES: usize = 8;

/// How a code reaches its person. Closed: e-mail is none of them, because whoever reads somebody's mail would have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Face to face.
    InPerson,
    /// Read out over the phone.
    Phone,
    /// Read out in a video call.
    Video,
    /// In a sealed letter.
    Letter,
    /// Through other staff, who see the person.
    OtherStaff,
}

impl Channel {
    /// The word for it in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::Phone => "phone",
            Self::Video => "video",
            Self::Letter => "letter",
            Self::OtherStaff => "other-staff",
        }
    }
}

/// What the workspace's staff check before they believe that somebody is who they say: one to eight different entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checklist(Vec<Name>);

impl Checklist {
    /// Reads what an owner typed. Empty lines are left out.
    ///
    /// # Errors
    /// [`Refusal::ChecklistLength`] without an entry, with over eight, or with one twice; [`Refusal::NameTooLong`].
    pub fn read(entries: &[String]) -> Result<Self, Refusal> {
        let mut list: Vec<Name> = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.trim().is_empty()) {
            let entry = Name::read(entry)?;
            if list.iter().any(|other| other.folded() == entry.folded()) {
                return Err(Refusal::ChecklistLength);
            }
            list.push(entry);
        }
        if (1..=CHECKLIST_ENTRIES).contains(&list.len()) { Ok(Self(list)) } else { Err(Refusal::ChecklistLength) }
    }

    /// The list of a workspace that has not written its own.
    ///
    /// # Panics
    /// Never: the words stand here.
    #[must_use]
    pub fn usual(language: Language) -> Self {
        let entries = match language {
            Language::En => [
                "I know this person: I recognised their face or voice",
                "I saw a photo identity document",
                "I called back on the number we have on file",
            ],
            Language::Fr => [
                "Je connais cette personne : j’ai reconnu son visage ou sa voix",
                "J’ai vu une pièce d’identité avec photo",
                "J’ai rappelé au numéro que nous avons au dossier",
            ],
        };
        Self(entries.iter().map(|entry| Name::read(entry).expect("a few plain words")).collect())
    }

    /// The entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Name::as_str)
    }

    fn find(&self, text: &str) -> Option<&Name> {
        self.0.iter().find(|entry| entry.as_str() == text)
    }
}

/// What staff filled in, as it was typed.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Who asked.
    pub asked_by: String,
    /// The entries of the checklist that were ticked.
    pub checked: Vec<String>,
    /// The reason, or the number of a ticket.
    pub reason: String,
    /// How the code is handed over.
    pub channel: Channel,
}

/// What is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportNote {
    /// Who asked.
    pub asked_by: Name,
    /// How they were known: at least one entry of the checklist of that day.
    pub checked: Vec<Name>,
    /// The reason, or the number of a ticket.
    pub reason: Name,
    /// How the code is handed over.
    pub channel: Channel,
}

impl SupportNote {
    /// Reads the answers against the workspace's list.
    ///
    /// # Errors
    /// [`Refusal::CaseIncomplete`] when something is empty or nothing is ticked, [`Refusal::ChecklistChanged`] when what
    /// was ticked is no longer on the list, [`Refusal::NameTooLong`].
    pub fn read(answers: &Answers, checklist: &Checklist) -> Result<Self, Refusal> {
        let filled =
            |text: &str| Name::read(text).map_err(|refusal| if refusal == Refusal::NameEmpty { Refusal::CaseIncomplete } else { refusal });
        let mut checked: Vec<Name> = Vec::new();
        for ticked in &answers.checked {
            let entry = checklist.find(ticked).ok_or(Refusal::ChecklistChanged)?;
            if !checked.contains(entry) {
                checked.push(entry.clone());
            }
        }
        if checked.is_empty() {
            return Err(Refusal::CaseIncomplete);
        }
        Ok(Self { asked_by: filled(&answers.asked_by)?, checked, reason: filled(&answers.reason)?, channel: answers.channel })
    }

    /// Reads what was filled in where the checklist of the day was known: at a desktop, out of reach.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for what is on the list by now.
    pub fn told(answers: &Answers) -> Result<Self, Refusal> {
        Self::read(answers, &Checklist(answers.checked.iter().map(|entry| Name::read(entry)).collect::<Result<_, _>>()?))
    }

    /// Adds it to what the journal says.
    #[must_use]
    pub fn on(&self, event: Event) -> Event {
        event
            .word("how", "case")
            .word("asked", self.asked_by.as_str())
            .word("checked", self.checked.iter().map(Name::as_str).collect::<Vec<_>>().join(" · "))
            .word("reason", self.reason.as_str())
            .word("channel", self.channel.as_str())
    }
}

impl Workspace {
    /// What its staff check: its own list, or the usual one.
    #[must_use]
    pub fn checklist(&self) -> Checklist {
        self.checklist.clone().unwrap_or_else(|| Checklist::usual(self.language))
    }
}

/// Writes the workspace's own list. `was` is what whoever asks saw, where that matters.
#[must_use]
pub fn set_checklist(owner: &Account, workspace: Workspace, checklist: Checklist, was: Option<&[String]>) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::SetPolicy) {
        return Decision::refuse(denied);
    }
    if workspace.checklist() == checklist {
        return Decision::accept(());
    }
    if was.is_some_and(|was| !workspace.checklist().entries().eq(was.iter().map(String::as_str))) {
        return Decision::refuse(Refusal::ChangedMeanwhile);
    }
    let entries = checklist.entries().collect::<Vec<_>>().join(" · ");
    let event = Event { subject: None, ..Event::own(EventKind::ChecklistChanged, owner) }.word("checked", entries);
    Decision::accept(()).change(Change::Workspace(Box::new(Workspace { checklist: Some(checklist), ..workspace }))).event(event)
}

#[cfg(test)]
mod tests;
