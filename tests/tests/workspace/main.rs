//! A local workspace through its seam, on a real vault: what each person may do, and what happens on bad days.

mod authenticators;
mod bad_days;
mod communities;
mod epoch;
mod evidence;
mod export;
mod forgotten;
mod import;
mod journal;
mod kits;
mod lockouts;
mod main_job;
mod people;
mod played;
mod policies;
mod readiness;
mod sample;
mod second_person;
mod support_desk;
mod tokens;
