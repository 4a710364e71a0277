//! Hardware tokens: the stock, empty and full; and one of them, from the stock to its holder and back into step.

use crate::visit::{MEMBER, OWNER, PASSWORD, Person, Visit};
use sallyport_tests::{Result, button, heading, link, menuitem, named};
use serde_json::json;

/// Nothing was changed yet in how this person comes in: else it would take two people to assign a token.
const HOLDER: Person = ("Élodie Jourdain-Vasseur", "elodie@example.org");

/// In Base32; the box holds one token that its holder presses, one that runs by time, and one with a long name.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const BY_TIME: &str = "00-2417-9954";
const BOX: &str = "serial number,secret,type,digits,time step,counter,manufacturer,user\n\
    00-2417-9954,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,totp,6,30,,ACME,\n\
    00-2417-9955,KRUGKIDROVUWG2ZAMJZG653OEBTG66BA,hotp,8,,0,ACME,marc@example.org\n\
    ZWEIGSTELLE-NORD-EMPFANG-2026-000000000417,ONSXMZLOEBYXK2LFOQQGYYLOORSXE3TT,totp,8,60,,Überseeische Schlüssel- und Sicherheitswerke,\n";

/// The owner is signed in, before and after.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("users.title")?;
    visit.invite(HOLDER, "role.member")?;
    let code = crate::visit::shown(&visit.sheet()?, &visit.t("issued.code.invitation"))?;
    visit.copy_and_close()?;
    visit.go("tokens.title")?;
    main.see_text(&visit.t("tokens.none"))?;
    visit.shot("tokens-none")?;
    import(visit)?;
    visit.shot("tokens")?;
    assign(visit)?;
    visit.sign_out()?;
    activate(visit, &code)?;
    visit.password(OWNER)?;
    main.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))?;
    beside_the_list(visit)
}

fn import(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let file = visit.stage.folder().join("box.csv");
    std::fs::write(&file, BOX)?;
    main.click(link(&visit.t("tokens.import")))?;
    main.see(visit.heading("seeds.title"))?;
    visit.click("seeds.choose")?;
    visit.stage.screen().open_file(&file)?;
    let carry_out = visit.t("seeds.carryOut.other").replace("{count}", "3");
    main.click(button(&carry_out))?;
    let form = sallyport_tests::dialog(&visit.t("seeds.ask.other").replace("{count}", "3"));
    main.see(form.clone())?;
    prove(visit)?;
    main.click(button(&carry_out).within(form))?;
    main.see_text(&visit.t("seeds.doneHint"))?;
    main.script("location.hash = '#/tokens'", json!([]))?;
    main.see(visit.heading("tokens.title"))
}

/// The password, and a code where the last one is more than five minutes old.
fn prove(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    if main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))? == true {
        main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    }
    Ok(())
}

fn menu(visit: &Visit, token: &str) -> Result<()> {
    visit.main()?.click(button(&visit.t("users.actions").replace("{name}", token)))
}

fn assign(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let token = format!("ACME {BY_TIME}");
    main.fill(named("searchbox", &visit.t("tokens.search")), "qqq")?;
    main.see_text(&visit.t("tokens.noneSo"))?;
    visit.shot("tokens-none-so")?;
    visit.empty()?;
    menu(visit, &token)?;
    main.see(menuitem(&visit.t("tokens.assign")))?;
    visit.shot("tokens-menu")?;
    main.click(menuitem(&visit.t("tokens.assign")))?;
    let form = visit.dialog("tokens.assignTitle");
    main.see(form.clone())?;
    visit.shot("token-assign")?;
    main.fill(named("searchbox", &visit.t("tokens.findPerson")), "qqq")?;
    main.see_text(&visit.t("users.none"))?;
    main.fill(named("searchbox", &visit.t("tokens.findPerson")), "e")?;
    main.see(button(HOLDER.1).in_part().within(form.clone()))?;
    visit.shot("token-assign-found")?;
    main.fill(named("searchbox", &visit.t("tokens.findPerson")), HOLDER.1)?;
    main.click(button(HOLDER.1).in_part().within(form.clone()))?;
    main.see_text(&visit.t("tokens.assignFollows"))?;
    prove(visit)?;
    visit.shot("token-assign-proof")?;
    main.click(visit.button("tokens.assign").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text(HOLDER.0)?;
    visit.shot("tokens-assigned")?;
    for action in ["tokens.unassign", "tokens.retire", "tokens.undo"] {
        menu(visit, &token)?;
        main.click(menuitem(&visit.t(action)))?;
        main.see(visit.dialog(action))?;
        visit.shot(&action.replace("tokens.", "token-"))?;
        main.click(visit.button("form.cancel"))?;
    }
    Ok(())
}

/// Its holder: the first code, and the way back into step.
fn activate(visit: &Visit, code: &str) -> Result<()> {
    let main = visit.main()?;
    let start = button(&visit.t("tokens.activateOne").replace("{name}", &format!("ACME {BY_TIME}")));
    visit.hold(HOLDER, SECRET);
    main.click(visit.button("signIn.invitation"))?;
    main.see(visit.heading("invitation.title"))?;
    main.fill(visit.field("form.email"), HOLDER.1)?;
    main.fill(visit.field("invitation.code"), code)?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("invitation.submit"))?;
    main.see(visit.heading("protect.title"))?;
    main.click(visit.button("protect.later"))?;
    main.see(visit.heading("profile.title"))?;
    main.see_text(&visit.t("tokens.waiting"))?;
    visit.shot("profile-token-waits")?;
    main.click(start.clone())?;
    let form = visit.dialog("tokens.activateTitle");
    main.see(form.clone())?;
    visit.shot("token-activate")?;
    main.fill(visit.field("tokens.code"), "000000")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.click(visit.button("tokens.activate").within(form.clone()))?;
    main.see(visit.field("tokens.second"))?;
    visit.shot("token-activate-refused")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(form.clone())?;
    main.click(start.clone())?;
    main.fill(visit.field("tokens.code"), &visit.code(HOLDER)?)?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.click(visit.button("tokens.activate").within(form))?;
    visit.sheet()?.see(visit.heading("sheet.title.backup-codes"))?;
    visit.copy_and_close()?;
    main.see_gone(start)?;
    visit.shot("profile-token")?;
    main.click(button(BY_TIME).in_part())?;
    main.click(menuitem(&visit.t("tokens.resync")))?;
    let form = visit.dialog("tokens.resync");
    main.see(form.clone())?;
    visit.shot("token-resync")?;
    main.fill(visit.field("tokens.first"), "000000")?;
    main.fill(visit.field("tokens.second"), "111111")?;
    main.click(visit.button("tokens.resync").within(form.clone()))?;
    main.see_text(&visit.t("refusal.token-out-of-step"))?;
    visit.shot("token-resync-refused")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(form)?;
    visit.sign_out()
}

/// Tokens of a person, and one for them.
fn beside_the_list(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(MEMBER.0))?;
    main.see(heading(MEMBER.0))?;
    main.script("document.querySelector('#person-tokens').scrollIntoView({ block: 'center' })", json!([]))?;
    visit.shot("person-tokens")?;
    main.click(visit.button("tokens.assign"))?;
    let form = visit.dialog("tokens.assignTitle");
    main.see(form.clone())?;
    main.fill(named("searchbox", &visit.t("tokens.findToken")), "2026")?;
    main.see(button("ZWEIGSTELLE").in_part().within(form.clone()))?;
    visit.shot("token-assign-of-a-person")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(form)?;
    main.click(visit.button("form.close"))
}
