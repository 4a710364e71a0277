//! Programs from outside, for tests in which something other than ourselves has to agree.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

/// Runs a program, feeds it `input`, and waits. A program that is missing fails the test in words.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("this test needs `{name}`, which `cargo xtask test` installs: {e}"));
    child.stdin.take().expect("a pipe").write_all(input).expect("the program reads what it is given");
    child.wait_with_output().expect("the program ends")
}
