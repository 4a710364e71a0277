//! Moving a workspace from one store to another, in parts that are written one by one and once each.
//!
//! The side that it [leaves](leaving) takes no change from the beginning of the move on, so that the same place in it always gives
//! the same part. The side that it [comes to](arriving) has no workspace until all parts are there and agree with what left: that
//! commit is the move. Killed anywhere on either side, it goes on where the arriving side stands.
//!
//! A workspace goes to a server as its owner says in the window, and out of one as two owners say at the console.
//!
//! | stays behind | because |
//! | --- | --- |
//! | sessions, and codes that let somebody in | a move begins an epoch |
//! | counts of failures by address and source | they are of minutes, and of where people sat |
//! | devices, and the verdicts on what they asked | every desktop pairs anew |
//! | recovery kits, key slots, the keyring | they open the vault that stays |
//! | the sealing key | it opens what comes, which is sealed anew before it is written |
//! | the seed that the journal was signed with | every epoch signs with a key of its own; the public halves go along |
//! | what was written after the move began | coming in to read, nothing else |

pub mod arriving;
mod code;
pub mod leaving;
mod out;
mod parts;
mod staying;
mod told;

use domain::moving::Place;
use wire::Refusal;

pub use code::MovingCode;
pub use out::{Credentials, Outgoing};
pub use parts::{Carried, End, Leaving, Look, Part, Records};

use crate::{epoch::Told, local::Authority, store::Store};

/// How far a move has come on the arriving side.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// How many parts are there.
    pub parts: u64,
    /// What the next one begins with; `None` once all are there.
    pub next: Option<Place>,
    /// Whether the workspace has arrived.
    pub arrived: bool,
}

/// The arriving side, wherever it is. Each may be asked again and again.
pub trait Mover {
    /// Begins, or says how far an earlier beginning has come.
    fn begin(&self, leaving: Leaving) -> impl Future<Output = Result<Progress, Refusal>> + Send;

    /// Hands over a part. One that is there already is passed over.
    fn part(&self, part: Part) -> impl Future<Output = Result<Progress, Refusal>> + Send;

    /// Says that this is all: it is compared, and the workspace arrives.
    fn end(&self, end: End) -> impl Future<Output = Result<Progress, Refusal>> + Send;
}

impl<S: Store> Authority<S> {
    /// Moves a workspace that an owner [let go](Self::begin_move), or goes on with that. At the end it is there, and marked here as
    /// moved. `told` hears of records, of how many.
    ///
    /// # Errors
    /// [`RefusalCode::Stopped`](wire::RefusalCode::Stopped) when it was told to; a refusal of either side. Nothing is lost: it can be begun again.
    pub async fn move_to(&self, mover: &impl Mover, told: Told<'_>) -> Result<(), Refusal> {
        self.carry_to(mover, told).await?;
        self.note_arrived().await
    }

    /// As [`Self::move_to`], but it is not marked here as moved.
    ///
    /// # Errors
    /// As [`Self::move_to`].
    pub async fn carry_to(&self, mover: &impl Mover, told: Told<'_>) -> Result<(), Refusal> {
        let leaving = self.leaving().await?;
        let total = leaving.records;
        let mut progress = mover.begin(leaving).await?;
        let mut done = 0;
        while !progress.arrived {
            let Some(place) = progress.next else {
                progress = mover.end(self.end_of_move().await?).await?;
                if !progress.arrived {
                    return Err(wire::RefusalCode::MoveDiffers.into());
                }
                break;
            };
            let part = self.part(progress.parts, place).await?;
            done += part.records.len();
            let before = progress.parts;
            progress = mover.part(part).await?;
            if progress.parts <= before && !progress.arrived {
                // Whoever answers so would be told the same for ever.
                return Err(wire::RefusalCode::MoveOutOfOrder.into());
            }
            if told(done.min(total), total).is_break() {
                return Err(wire::RefusalCode::Stopped.into());
            }
        }
        Ok(())
    }
}
