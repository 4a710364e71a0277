//! Importing people from a list: what each row comes to, carrying it out as one batch, and taking it back.
//!
//! Rows are matched by address alone, so an import changes nobody's e-mail. It adds people without an invitation: a code
//! lives for a day and is shown once, so it is made when it is handed over. Of people who are here it changes the name, the
//! role and the language, and only until they have signed in.

mod batch;
mod cells;
mod row;
mod undo;

pub use batch::{Batch, Imported, Item, Planned, Traits, Undone, carry_out};
pub use row::{Facts, Flaw, NewHere, Row, Verdict, What, Why, plan};
pub use undo::{Moved, Person, may_undo, moved, undo};

#[cfg(test)]
mod tests;
