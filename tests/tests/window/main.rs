//! The real window, where the tour does not go: a program of its own on a computer of its own for each test.
#![cfg(target_os = "linux")]

mod bad_vaults;
mod bounds;
mod clipboard;
mod closing;
mod creation;
mod desktop;
mod drawn_anew;
mod drill;
mod hand_over;
mod import_people;
mod import_seeds;
mod installed;
mod kit;
mod long_list;
mod memory;
mod papers;
mod people;
#[path = "../workspace/played.rs"]
#[allow(dead_code, reason = "shared with the tests of the seam")]
mod played;
mod profiles;
mod settings;
mod words;
