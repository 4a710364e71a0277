//! A local workspace through its seam, on a real vault: what each person may do, and what happens on bad days.

mod bad_days;
mod epoch;
mod journal;
mod kits;
mod main_job;
mod people;
mod played;
