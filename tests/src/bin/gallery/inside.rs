//! One's own account, then other people's.

use crate::visit::{GUEST, MEMBER, OWNER, PASSPHRASE, PASSWORD, TABLET, Visit, WORKSPACE};
use sallyport_tests::{Result, button, combobox, link, menuitem};
use serde_json::json;

/// Signs in with one backup code after the other, so that few are left: quicker than seven visits to the door.
const USE_UP: &str = "
    const call = (name, request) => window.__TAURI__.core.invoke(name, { request });
    const [email, password, codes] = arguments;
    return (async () => {
        for (const code of codes) {
            await call('sign_in', { email, password });
            await call('give_code', { code });
        }
    })();
";

pub(crate) fn walk(visit: &Visit) -> Result<()> {
    own_account(visit)?;
    reset(visit)?;
    crate::policies::grace(visit)?;
    recovery(visit)?;
    leave(visit)
}

fn own_account(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("factor.enableLong"))?;
    let form = visit.dialog("factor.enableLong");
    main.see(form.clone())?;
    visit.shot("enable")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("form.continue").within(form))?;
    visit.sheet()?.see(visit.heading("sheet.title.enrolment"))?;
    visit.type_secret(MEMBER)?;
    visit.verify(MEMBER)?;
    let sheet = visit.sheet()?;
    sheet.click(visit.button("sheet.done"))?;
    sheet.click(visit.button("codes.closeAnyway"))?;
    visit.sheet_gone()?;
    main.see(visit.heading("profile.title"))?;
    visit.shot("profile-unsaved-codes")?;

    main.click(visit.button("codes.renew"))?;
    let form = visit.dialog("renew.title");
    main.see(form.clone())?;
    visit.shot("generate-new-codes")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("codes.renew").within(form))?;
    let codes = visit.codes()?;
    visit.copy_and_close()?;
    visit.shot("profile")?;
    main.click(visit.button("factor.add"))?;
    main.see(visit.dialog("factor.add"))?;
    visit.shot("add-authenticator")?;
    two_authenticators(visit)?;
    crate::addresses::own(visit)?;
    main.click(visit.button("factor.disable"))?;
    main.see(visit.dialog("disable.title"))?;
    visit.shot("disable")?;
    main.click(visit.button("form.cancel"))?;
    main.click(visit.button("password.change"))?;
    let form = visit.dialog("password.change");
    main.fill(visit.field("proof.password").within(form.clone()), "not this one, surely")?;
    main.fill(visit.field("form.newPassword").within(form.clone()), "granite-otter")?;
    main.click(visit.button("password.change").within(form))?;
    main.see_text(&visit.t("refusal.wrong-password"))?;
    visit.shot("change-password-refused")?;
    main.click(visit.button("form.cancel"))?;

    main.script(USE_UP, json!([MEMBER.1, PASSWORD, codes[..7]]))?;
    visit.go("activity.title")?;
    visit.shot("my-activity")?;
    visit.go("profile.title")?;
    visit.shot("profile-few-codes")?;
    visit.sign_out()
}

/// From the dialog that adds one; what is typed and refused stays a picture.
fn two_authenticators(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let form = visit.dialog("factor.add");
    main.fill(visit.field("enrol.name").within(form.clone()), TABLET.0)?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("form.continue").within(form))?;
    visit.sheet()?.see(visit.heading("sheet.title.enrolment"))?;
    visit.type_secret(TABLET)?;
    visit.sheet()?.fill(visit.field("code.label"), &visit.code(TABLET)?)?;
    visit.sheet()?.click(visit.button("code.submit"))?;
    visit.sheet_gone()?;
    main.see_text(TABLET.0)?;
    visit.shot("profile-two-authenticators")?;
    let actions = button(&visit.t("users.actions").replace("{name}", TABLET.0));
    main.click(actions.clone())?;
    main.see(menuitem(&visit.t("authenticator.prefer")))?;
    visit.shot("authenticator-menu")?;
    main.click(menuitem(&visit.t("authenticator.prefer")))?;
    main.click(actions.clone())?;
    main.click(menuitem(&visit.t("authenticator.rename")))?;
    let form = visit.dialog("authenticator.rename");
    main.fill(visit.field("enrol.name").within(form.clone()), &visit.t("enrol.nameFirst").to_uppercase())?;
    main.click(visit.button("authenticator.renameSubmit").within(form))?;
    main.see_text(&visit.t("refusal.authenticator-name-taken"))?;
    visit.shot("rename-authenticator-refused")?;
    main.click(visit.button("form.cancel"))?;
    main.click(actions)?;
    main.click(menuitem(&visit.t("authenticator.remove")))?;
    main.see(visit.dialog("authenticator.remove"))?;
    visit.shot("remove-authenticator")?;
    main.click(visit.button("form.cancel"))
}

/// For somebody with a password alone.
fn password_code(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(button(&visit.t("users.actions").replace("{name}", GUEST.0)))?;
    main.click(menuitem(&visit.t("passwordCode.title")))?;
    main.see(combobox(&visit.t("case.channel")))?;
    visit.shot("password-code")?;
    crate::desk::fill_case(visit, "case.channel")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    visit.shot("password-code-proof")?;
    main.click(visit.button("passwordCode.confirm"))?;
    visit.sheet()?.see(visit.heading("sheet.title.password"))?;
    visit.sheet_shot("sheet-password")?;
    visit.close_sheet()
}

fn reset(visit: &Visit) -> Result<()> {
    visit.password(OWNER)?;
    let main = visit.main()?;
    main.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))?;
    crate::communities::enrolled(visit)?;
    password_code(visit)?;
    crate::addresses::two(visit, GUEST.0)?;
    main.click(button(&visit.t("users.actions").replace("{name}", MEMBER.0)))?;
    main.see(menuitem(&visit.t("reset.title")))?;
    visit.shot("users-menu")?;
    main.click(menuitem(&visit.t("reset.title")))?;
    main.see_text(&visit.t("reset.closed"))?;
    main.see(combobox(&visit.t("case.channel")))?;
    visit.shot("reset")?;
    main.click(visit.button("reset.confirm"))?;
    main.see_text(&visit.t("case.noneChecked"))?;
    visit.shot("reset-unfilled")?;
    crate::desk::fill_case(visit, "case.channel")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("code.label"), "12 34")?;
    visit.shot("reset-proof")?;
    main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    main.click(visit.button("reset.confirm"))?;
    visit.sheet()?.see(visit.heading("sheet.title.recovery"))?;
    visit.sheet_shot("sheet-recovery")?;
    visit.sheet()?.fill(visit.field("readBack.label"), "RABCD 12")?;
    visit.sheet_shot("sheet-read-back")?;
    visit.close_sheet()?;
    main.see_text(&visit.t("state.recovery-pending"))?;
    main.click(button(&visit.t("users.actions").replace("{name}", MEMBER.0)))?;
    main.see_text(&visit.t("refusal.double-loss"))?;
    visit.shot("users-menu-double-loss")?;
    visit.stage.screen().press("Escape")?;
    visit.shot("users")?;
    main.click(button(&visit.t("users.actions").replace("{name}", OWNER.0)))?;
    main.see_text(&visit.t("refusal.on-self"))?;
    visit.shot("users-menu-refused")?;
    visit.stage.screen().press("Escape")?;
    main.fill(sallyport_tests::named("searchbox", &visit.t("users.search")), "qqq")?;
    main.see_text(&visit.t("users.none"))?;
    visit.shot("users-none")?;
    readiness(visit)?;
    visit.go("journal.title")?;
    visit.shot("journal")?;
    crate::evidence::walk(visit)?;
    crate::journal::walk(visit)?;
    main.script(
        "location.hash = [...document.querySelectorAll('main a')].find((a) => a.textContent === arguments[0]).hash",
        json!([MEMBER.0]),
    )?;
    main.see(visit.button("journal.clear"))?;
    visit.shot("journal-of-one")?;
    crate::mail::walk(visit)?;
    crate::addresses::by_mail(visit)?;
    crate::erasure::walk(visit)?;
    crate::desk::walk(visit)?;
    visit.go("vault.title")?;
    visit.shot("this-workspace")?;
    main.click(visit.button("vault.changePassphrase"))?;
    main.see(visit.dialog("vault.changePassphrase"))?;
    visit.shot("change-passphrase")?;
    main.click(visit.button("form.cancel"))?;
    keys(visit)?;
    crate::policies::walk(visit)?;
    visit.go("help.title")?;
    visit.shot("help")?;
    main.click(visit.button("session.menu"))?;
    main.see(menuitem(&visit.t("workspace.close")))?;
    visit.shot("session-menu")?;
    main.click(menuitem(&visit.t("workspace.close")))?;
    main.see(visit.dialog("workspace.close"))?;
    visit.shot("close-workspace")?;
    main.click(visit.button("form.cancel"))?;
    visit.stage.screen().press("ctrl+comma")?;
    main.see(visit.dialog("settings.title"))?;
    visit.shot("settings")?;
    main.click(visit.button("form.close"))?;
    main.click(visit.button("session.menu"))?;
    main.click(menuitem(&visit.t("about.title")))?;
    main.see(visit.dialog("about.title"))?;
    visit.shot("about")?;
    main.click(visit.button("about.readLicences"))?;
    main.see_text(&visit.t("about.ownLicence"))?;
    visit.shot("about-licences")?;
    main.script("document.querySelectorAll('dialog details')[1].open = true", json!([]))?;
    visit.shot("about-licence")?;
    main.click(visit.button("form.close"))?;
    crate::desk::by_kit(visit)?;
    visit.sign_out()
}

fn recovery(visit: &Visit) -> Result<()> {
    visit.password(MEMBER)?;
    let main = visit.main()?;
    main.see(visit.heading("code.recoveryTitle"))?;
    visit.shot("code-recovery")?;
    visit.give_code(&visit.code(MEMBER)?)?;
    main.see_text(&visit.t("refusal.code-kind"))?;
    visit.shot("code-recovery-refused")?;
    crate::desk::ask(visit)?;
    main.click(visit.button("form.cancel"))?;
    main.see(visit.heading("signIn.title"))
}

fn leave(visit: &Visit) -> Result<()> {
    visit.password(OWNER)?;
    let main = visit.main()?;
    main.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))?;
    crate::desk::waiting(visit)?;
    // The keys lock from the sheet too, and it goes with what it showed.
    visit.invite(("Lea Last", "lea@example.org"), "role.member")?;
    visit.sheet()?.see(visit.heading("sheet.title.invitation"))?;
    visit.stage.screen().press("ctrl+l")?;
    visit.sheet_gone()?;
    main.see(visit.heading("locked.title"))?;
    visit.shot("locked")?;
    main.click(visit.button("workspace.close"))?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see(visit.heading("start.title"))?;
    visit.shot("start")?;
    main.click(link(WORKSPACE).in_part())?;
    main.see(visit.heading("open.title"))?;
    visit.shot("open")?;
    main.fill(visit.field("create.passphrase"), "not the passphrase at all")?;
    main.click(visit.button("open.submit"))?;
    main.see_text(&visit.t("refusal.vault-passphrase-wrong"))?;
    visit.shot("open-refused")?;
    main.fill(visit.field("create.passphrase"), PASSPHRASE)?;
    main.click(visit.button("open.submit"))?;
    main.see(visit.heading("signIn.title"))?;
    kit(visit)
}

/// The dialogs of the kit and of the vault's key.
fn keys(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("vault.changePassphrase"))?;
    main.see(visit.dialog("vault.changePassphrase"))?;
    main.click(visit.button("passphrase.byKit"))?;
    main.see(visit.field("kit.code"))?;
    visit.shot("change-passphrase-by-kit")?;
    main.click(visit.button("form.cancel"))?;

    main.click(visit.button("rotate.title"))?;
    main.see(visit.dialog("rotate.title"))?;
    visit.shot("change-key")?;
    main.choose(combobox(&visit.t("kitAfter.label")), &visit.t("kitAfter.same"))?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("create.passphrase"), PASSPHRASE)?;
    main.fill(visit.field("kit.code"), "KKKKK")?;
    main.click(visit.button("rotate.submit"))?;
    main.see_text(&visit.t("refusal.kit-mistyped"))?;
    visit.shot("change-key-refused")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(visit.dialog("rotate.title"))?;

    main.click(visit.button("kit.renew"))?;
    main.see(visit.dialog("kit.renew"))?;
    visit.shot("new-kit")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("create.passphrase"), PASSPHRASE)?;
    main.click(visit.button("kit.renewSubmit"))?;
    let sheet = visit.sheet()?;
    sheet.see(visit.heading("sheet.title.recovery-kit"))?;
    visit.sheet_shot("sheet-kit-new")?;
    sheet.click(visit.button("sheet.done"))?;
    sheet.see_text(&visit.t("kit.askClose"))?;
    visit.sheet_shot("sheet-kit-new-asking")?;
    sheet.click(visit.button("kit.giveUp"))?;
    visit.sheet_gone()
}

/// Opened by the kit, and enrolled again by it.
fn kit(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("workspace.close"))?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.click(link(WORKSPACE).in_part())?;
    main.click(visit.button("openKit.title"))?;
    main.see(visit.heading("openKit.title"))?;
    visit.shot("open-kit")?;
    let code = visit.kits.borrow().last().cloned().unwrap_or_default();
    main.fill(visit.field("kit.code"), &code[..code.len() - 1])?;
    main.click(visit.button("open.submit"))?;
    main.see_text(&visit.t("refusal.kit-mistyped"))?;
    visit.shot("open-kit-refused")?;
    main.fill(visit.field("kit.code"), &code)?;
    main.click(visit.button("open.submit"))?;
    main.see_text(&visit.t("told.opened-by-kit"))?;
    visit.shot("opened-by-kit")?;
    main.click(visit.button("recoverOwner.open"))?;
    main.see(visit.heading("recoverOwner.title"))?;
    visit.shot("recover-owner")?;
    let fill = |email: &str| {
        main.fill(visit.field("form.email"), email)?;
        main.fill(visit.field("kit.code"), &code)?;
        main.fill(visit.field("form.newPassword"), PASSWORD)?;
        main.fill(visit.field("recoverOwner.again"), PASSWORD)?;
        main.click(visit.button("recoverOwner.submit"))
    };
    fill(MEMBER.1)?;
    main.see_text(&visit.t("refusal.wrong-kit"))?;
    visit.shot("recover-owner-refused")?;
    fill(OWNER.1)?;
    main.see(visit.heading("enrol.againTitle"))?;
    visit.shot("enrol-again-by-kit")?;
    main.click(visit.button("form.continue"))?;
    visit.sheet()?.see(visit.heading("sheet.title.enrolment"))?;
    visit.type_secret(OWNER)?;
    visit.verify(OWNER)?;
    visit.copy_and_close()?;
    main.see(visit.button("kit.used.know"))?;
    visit.shot("banner-kit-used")?;
    main.click(visit.button("kit.used.know"))?;
    main.see_text(&visit.t("kit.trouble.used"))?;
    visit.shot("banner-kit-replace")?;
    visit.go("vault.title")?;
    visit.shot("this-workspace-kit-used")
}

/// The list from its picture, and what can be done with the whole of it.
fn readiness(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.empty()?;
    main.see(link(OWNER.0))?;
    main.click(button(&visit.t("users.list")))?;
    main.see(menuitem(&visit.t("users.export")))?;
    visit.shot("users-list-menu")?;
    visit.stage.screen().press("Escape")?;
    main.click(link(&visit.t("readiness.short")))?;
    main.see(visit.heading("readiness.title"))?;
    visit.shot("readiness")?;
    main.click(button(&visit.t("state.one-authenticator")).in_part())?;
    visit.shot("readiness-one-authenticator")?;
    main.click(link(&visit.t("users.short")))?;
    main.see(visit.heading("users.title"))
}
