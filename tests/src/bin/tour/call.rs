//! One call, from the phone ringing to the caller being in: what hands had to do, and how long the program took.

use crate::hands::*;
use crate::people::{Person, World};
use sallyport_tests::{Result, button, menuitem, textbox};
use serde::Serialize;

/// A call that was taken.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Call {
    /// Clicks and fields of whoever is at the desk, from the person's row in the list on.
    support: u32,
    /// Clicks and fields of the caller, from the sign-in to where a new authenticator is set up.
    user: u32,
    /// From each press to its answer on the screen, in seconds, by the clocks of the pages.
    answers: Vec<(&'static str, f64)>,
}

impl Call {
    fn note(&mut self, what: &'static str, seconds: f64) {
        self.answers.push((what, (seconds * 1000.0).round() / 1000.0));
    }

    /// The call as a line to print; nothing where none was taken to its end.
    pub(crate) fn line(&self) -> Option<String> {
        let (support, user) = (self.support, self.user);
        let sum: f64 = self.answers.iter().map(|(_, seconds)| seconds).sum();
        let each: Vec<_> = self.answers.iter().map(|(what, seconds)| format!("{what} {seconds:.3}")).collect();
        (support > 0 && user > 0).then(|| {
            format!("A call: {support} interactions of support, {user} of the user; {sum:.2} s of the program ({}).", each.join(", "))
        })
    }
}

/// At the desk: a code for somebody whose row is in sight, as fast as hands go. It stays on the sheet.
pub(crate) fn reset_at_once(world: &World, person: &Person, says: &str, proof: &[(&str, &str)]) -> Result<Call> {
    let desk = world.main()?;
    let before = desk.interactions();
    let mut call = Call::default();
    call.note("menu", desk.answers("Reset user 2FA", || desk.click(button(&format!("Actions for {}", person.name))))?);
    call.note("dialog", desk.answers("I called back", || desk.click(menuitem("Reset user 2FA")))?);
    desk.see_text(says)?;
    support_case(&desk)?;
    let mut last = "";
    for (field, text) in proof {
        desk.fill(textbox(field), text)?;
        last = field;
    }
    call.note("code", desk.opens(|| desk.press_enter(textbox(last)), || world.sheet())?);
    call.support = desk.interactions() - before;
    Ok(call)
}

/// The caller: in, and straight to where a new authenticator is set up.
pub(crate) fn come_in(world: &World, person: &Person, code: &str, call: &mut Call) -> Result<()> {
    let main = world.main()?;
    let before = main.interactions();
    main.fill(textbox("E-mail"), person.email)?;
    main.fill(textbox("Password"), &person.password.borrow())?;
    call.note("first door", main.answers("Enter your", || main.press_enter(textbox("Password")))?);
    main.fill(textbox("Code"), code)?;
    call.note("in", main.answers("Set up a new authenticator", || main.press_enter(textbox("Code")))?);
    call.user = main.interactions() - before;
    Ok(())
}
