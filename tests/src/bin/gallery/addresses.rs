//! Addresses and names: one's own, other people's, by two people, and the code by mail to whoever forgot a password.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, combobox, heading, link, smtp};
use serde_json::json;

const LONG: &str = "barthelemy.anselme.de-saint-exupery-montgomery@rehabilitation-du-littoral-septentrional.example.org";

/// A workspace with nobody in it but whom this is about.
pub(crate) fn alone(visit: &Visit) -> Result<()> {
    crate::outside::create(visit)?;
    crate::outside::owner_enrols(visit)?;
    visit.invite(MEMBER, "role.member")?;
    visit.close_sheet()?;
    visit.go("profile.title")?;
    own(visit)?;
    visit.go("users.title")?;
    main_of(visit, MEMBER.0)?;
    staff(visit, "email.invited")?;
    by_mail(visit)
}

/// At one's profile. Leaves a second address.
pub(crate) fn own(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("email.title"))?;
    let form = visit.dialog("email.title");
    main.see(form.clone())?;
    visit.shot("own-email")?;
    main.fill(visit.field("email.new").within(form.clone()), "not an address")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("email.submit").within(form.clone()))?;
    main.see_text(&visit.t("refusal.email-invalid"))?;
    visit.shot("own-email-refused")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(form)?;
    main.click(visit.button("second.title"))?;
    let form = visit.dialog("second.title");
    main.see(form.clone())?;
    visit.shot("own-second-address")?;
    main.fill(visit.field("second.address").within(form.clone()), LONG)?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("second.submit").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text(LONG)?;
    visit.shot("profile-second-address")?;
    main.click(visit.button("second.title"))?;
    main.see(visit.dialog("second.title"))?;
    visit.shot("own-second-address-set")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("second.title"))
}

fn main_of(visit: &Visit, name: &str) -> Result<()> {
    let main = visit.main()?;
    main.click(link(name))?;
    main.see(heading(name))
}

/// Beside somebody whom the reader may change alone; `said` is what the dialog says first.
pub(crate) fn staff(visit: &Visit, said: &str) -> Result<()> {
    let main = visit.main()?;
    visit.shot("person-addresses")?;
    main.click(visit.button("action.correct-name.title"))?;
    main.see(visit.dialog("name.title"))?;
    visit.shot("correct-name")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("name.title"))?;
    main.click(visit.button("action.change-email.title"))?;
    let form = visit.dialog("email.title");
    main.see_text(&visit.t(said))?;
    visit.shot("change-email")?;
    main.fill(visit.field("email.new").within(form.clone()), OWNER.1)?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    code_if_asked(visit)?;
    main.click(visit.button("email.submit").within(form.clone()))?;
    main.see_text(&visit.t("refusal.email-taken"))?;
    visit.shot("change-email-taken")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(form)
}

/// Beside the list of people: somebody whose way in was changed a moment ago, so that it takes two.
pub(crate) fn two(visit: &Visit, name: &str) -> Result<()> {
    let main = visit.main()?;
    main_of(visit, name)?;
    main.click(visit.button("action.change-email.title"))?;
    let form = visit.dialog("email.title");
    main.see_text(&visit.t("email.two"))?;
    visit.shot("change-email-two")?;
    main.fill(visit.field("email.new").within(form.clone()), LONG)?;
    main.click(visit.button("case.start").within(form))?;
    main.see_text(LONG)?;
    main.see(combobox(&visit.t("case.told")))?;
    visit.shot("case-email")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("case.title"))?;
    main.click(visit.button("form.close"))
}

fn code_if_asked(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    if main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))? == true {
        main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    }
    Ok(())
}

/// Signed in as the owner; ends there again. Mail is set up for it, and removed.
pub(crate) fn by_mail(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let call = "return window.__TAURI__.core.invoke(arguments[0], { request: arguments[1] })";
    let proof = |code: String| json!({ "password": PASSWORD, "code": code });
    let settings = json!({
        "host": "localhost", "port": 587, "security": "starttls", "user": smtp::USER, "password": smtp::PASSWORD,
        "sender": "sallyport@example.org", "senderName": "", "on": true, "proof": proof(visit.code(OWNER)?),
    });
    main.script(call, json!(["set_mail", settings]))?;
    visit.sign_out()?;
    main.click(visit.button("signIn.forgotten"))?;
    main.see(visit.button("forgotten.mail"))?;
    visit.shot("forgotten-mail")?;
    main.click(visit.button("forgotten.mail"))?;
    main.see_text(&visit.t("form.required"))?;
    visit.shot("forgotten-mail-empty")?;
    main.fill(visit.field("form.email"), "nobody@example.org")?;
    main.click(visit.button("forgotten.mail"))?;
    main.see_text(&visit.t("forgotten.asked"))?;
    visit.shot("forgotten-asked")?;
    main.click(visit.button("forgotten.again"))?;
    main.click(visit.button("forgotten.have"))?;
    main.see_text(&visit.t("forgotten.codeLead"))?;
    visit.shot("forgotten-have")?;
    main.click(visit.button("form.back"))?;
    visit.password(OWNER)?;
    main.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))?;
    main.script(call, json!(["remove_mail", { "proof": proof(visit.code(OWNER)?) }])).map(drop)
}
