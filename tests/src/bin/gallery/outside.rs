//! From an empty computer to a workspace with people in it.

use crate::visit::{GUEST, MEMBER, OWNER, PASSPHRASE, PASSWORD, Visit, WORKSPACE};
use sallyport_tests::{Result, button, menuitem, named};
use serde_json::json;

/// The people of the table: long, short, from right to left, and with pictures.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("Ærøskøbing Ångström", "aeroe@example.org", "role.administrator"),
    (
        "Jean-Baptiste d’Aubigné de Saint-Éloi",
        "jean-baptiste.daubigne-de-saint-eloi@accueil.hopital-cote-opale.example.org",
        "role.support",
    ),
    ("محمد عبد الرحمن الخوارزمي", "muhammad@example.org", "role.member"),
    ("👩🏽‍🚀 Zoë Zephyr 🚀", "zoe@example.org", "role.member"),
    ("O", "o@example.org", "role.member"),
    ("Юлия Щукина", "julia@example.org", "role.member"),
    ("Wolfgang Überschall", "wolfgang@example.org", "role.member"),
    ("רות לוי", "ruth@example.org", "role.member"),
];

pub(crate) fn walk(visit: &Visit) -> Result<()> {
    crate::drill::walk(visit)?;
    create(visit)?;
    owner_enrols(visit)?;
    people(visit)?;
    crate::communities::walk(visit)?;
    crate::lists::walk(visit)?;
    guest(visit)?;
    member(visit)
}

pub(crate) fn create(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.see(visit.heading("start.welcome"))?;
    visit.shot("start-empty")?;
    main.click(visit.button("create.title"))?;
    main.see(visit.heading("create.title"))?;
    visit.shot("create")?;
    main.click(visit.button("create.submit"))?;
    main.see_text(&visit.t("form.required"))?;
    visit.shot("create-refused")?;
    main.fill(visit.field("create.name"), WORKSPACE)?;
    main.fill(visit.field("create.ownerName"), OWNER.0)?;
    main.fill(visit.field("form.email"), OWNER.1)?;
    main.fill(visit.field("form.password"), PASSWORD)?;
    main.fill(visit.field("create.passphrase"), PASSPHRASE)?;
    main.fill(visit.field("create.passphraseAgain"), PASSPHRASE)?;
    visit.shot("create-filled")?;
    let keyring = named("checkbox", &visit.t("create.keyring"));
    main.click(keyring.clone())?;
    main.script("document.querySelector('[name=keyring]').scrollIntoView({ block: 'center' })", json!([]))?;
    visit.shot("create-keyring")?;
    main.click(keyring)?;
    main.click(visit.button("create.submit"))?;
    first_kit(visit)?;
    main.see(visit.heading("enrol.title"))
}

/// The first kit: not kept, refused to be left, and kept on paper.
fn first_kit(visit: &Visit) -> Result<()> {
    let sheet = visit.sheet()?;
    sheet.see(visit.heading("sheet.title.recovery-kit"))?;
    visit.sheet_shot("sheet-kit-first")?;
    sheet.click(visit.button("sheet.done"))?;
    sheet.see_text(&visit.t("kit.first"))?;
    visit.sheet_shot("sheet-kit-first-asking")?;
    sheet.click(visit.button("codes.stay"))?;
    visit.keep_kit()?;
    visit.sheet_shot("sheet-kit-kept")?;
    visit.close_sheet()
}

pub(crate) fn owner_enrols(visit: &Visit) -> Result<()> {
    visit.shot("enrol")?;
    visit.stage.screen().press("F1")?;
    let main = visit.main()?;
    main.see(visit.heading("help.title"))?;
    visit.shot("help-outside")?;
    main.click(visit.button("form.back"))?;
    main.see(visit.heading("enrol.title"))?;
    main.click(visit.button("form.continue"))?;
    let sheet = visit.sheet()?;
    sheet.see(visit.heading("sheet.title.enrolment"))?;
    visit.type_secret(OWNER)?;
    visit.sheet_shot("sheet-enrolment")?;
    sheet.fill(visit.field("code.label"), "000000")?;
    sheet.click(visit.button("code.submit"))?;
    sheet.see_text(&visit.t("refusal.enrolment-code-wrong"))?;
    visit.sheet_shot("sheet-enrolment-refused")?;
    visit.verify(OWNER)?;
    visit.sheet_shot("sheet-codes-unsaved")?;
    sheet.click(visit.button("sheet.done"))?;
    sheet.see_text(&visit.t("codes.ask"))?;
    visit.sheet_shot("sheet-codes-asking")?;
    sheet.click(visit.button("codes.stay"))?;
    sheet.click(visit.button("codes.saveEncrypted"))?;
    sheet.fill(visit.field("encrypt.passphrase"), "short")?;
    sheet.fill(visit.field("encrypt.passphraseAgain"), "different")?;
    sheet.click(visit.button("encrypt.submit"))?;
    sheet.see_text(&visit.t("form.mismatch"))?;
    visit.sheet_shot("sheet-codes-encrypt")?;
    sheet.click(visit.button("form.cancel"))?;
    sheet.click(visit.button("sheet.copy"))?;
    sheet.see_text(&visit.t("kept.copied"))?;
    visit.sheet_shot("sheet-codes-saved")?;
    visit.close_sheet()?;
    main.see(visit.heading("users.title"))?;
    visit.shot("users-alone")
}

fn people(visit: &Visit) -> Result<()> {
    visit.click("addUser.title")?;
    visit.main()?.see(visit.dialog("addUser.title"))?;
    visit.shot("add-user")?;
    visit.main()?.fill(visit.field("form.email"), "nobody at home")?;
    visit.main()?.fill(visit.field("addUser.name"), GUEST.0)?;
    visit.click("addUser.submit")?;
    visit.main()?.see_text(&visit.t("refusal.email-invalid"))?;
    visit.shot("add-user-refused")?;
    visit.main()?.click(visit.button("form.cancel"))?;
    visit.invite(GUEST, "role.member")?;
    visit.sheet()?.see(visit.heading("sheet.title.invitation"))?;
    visit.sheet_shot("sheet-invitation")?;
    visit.close_sheet()?;
    let long = "Maximiliane-Friederike von und zu Hohenlohe-Waldenburg ".repeat(6);
    let long: String = long.chars().take(300).collect();
    visit.invite((long.trim(), "max@example.org"), "role.member")?;
    visit.close_sheet()?;
    for (name, email, role) in PEOPLE {
        visit.invite((name, email), role)?;
        visit.close_sheet()?;
    }
    Ok(())
}

/// Enrolled at the administrator's own desk, with a password alone.
fn guest(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(button(&visit.t("users.actions").replace("{name}", GUEST.0)))?;
    main.click(menuitem(&visit.t("inviteAgain.title")))?;
    main.see(visit.dialog("inviteAgain.title"))?;
    visit.shot("invite-again")?;
    main.click(visit.button("form.cancel"))?;
    main.click(button(&visit.t("users.actions").replace("{name}", GUEST.0)))?;
    main.click(menuitem(&visit.t("enrolHere.title")))?;
    main.see(visit.dialog("enrolHere.title"))?;
    visit.shot("enrol-here")?;
    main.click(visit.button("enrolHere.submit"))?;
    main.see(visit.field("form.newPassword"))?;
    visit.shot("hand-over")?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("handOver.submit"))?;
    main.see(visit.heading("protect.title"))?;
    visit.shot("protect")?;
    main.click(visit.button("protect.later"))?;
    main.see(visit.heading("profile.title"))?;
    visit.shot("profile-without-2fa")?;
    visit.go("activity.title")?;
    visit.shot("my-activity-banner")?;
    visit.sign_out()
}

/// Comes with an invitation, and does all that one can do with an account.
fn member(visit: &Visit) -> Result<()> {
    visit.shot("sign-in")?;
    visit.password(MEMBER)?;
    let main = visit.main()?;
    main.see_text(&visit.t("refusal.wrong-credentials"))?;
    visit.shot("sign-in-refused")?;
    main.click(visit.button("signIn.forgotten"))?;
    main.see(visit.heading("forgotten.title"))?;
    visit.shot("forgotten")?;
    main.fill(visit.field("form.email"), MEMBER.1)?;
    main.fill(visit.field("forgotten.code"), "P932H-Y3N3S-T148G-R52H6-A3WEB")?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("forgotten.submit"))?;
    main.see_text(&visit.t("refusal.password-code-wrong"))?;
    visit.shot("forgotten-refused")?;
    main.click(visit.button("form.back"))?;
    crate::mail::outside(visit)?;
    visit.password(OWNER)?;
    main.see(visit.heading("code.title"))?;
    visit.shot("code")?;
    visit.give_code("7KM3P-R2VXA-9TQ4D")?;
    main.see_text(&visit.t("refusal.code-mistyped"))?;
    visit.shot("code-mistyped")?;
    main.click(visit.button("code.help"))?;
    main.see_text(&visit.t("code.help.ask"))?;
    visit.shot("code-help")?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))?;
    visit.invite(MEMBER, "role.member")?;
    let code = crate::visit::shown(&visit.sheet()?, &visit.t("issued.code.invitation"))?;
    visit.copy_and_close()?;
    visit.sign_out()?;
    main.click(visit.button("signIn.invitation"))?;
    main.see(visit.heading("invitation.title"))?;
    main.fill(visit.field("form.email"), MEMBER.1)?;
    main.fill(visit.field("invitation.code"), &code[..13])?;
    main.fill(visit.field("form.newPassword"), "password1")?;
    visit.shot("invitation")?;
    main.fill(visit.field("invitation.code"), &code)?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("invitation.submit"))?;
    main.see(visit.heading("protect.title"))
}
