//! Bad days of the machine: a process killed at any moment, a disk that is full. Nothing lost, nothing half done.
#![cfg(unix)]

mod disk;
mod generations;
mod kills;
#[path = "../workspace/played.rs"]
#[allow(dead_code, reason = "shared with the tests of the seam")]
mod played;
mod remains;
mod worker;
