//! Hardware tokens: the stock, empty and full; one of them, from the file of its maker to its holder and back into step; and
//! whom it takes two people to give one to.

use crate::visit::{MEMBER, OWNER, PASSWORD, Person, Visit};
use sallyport_tests::{Result, Target, any, button, combobox, heading, link, menuitem, named, witness};
use serde_json::json;

const HOLDER: Person = ("Élodie Jourdain-Vasseur", "elodie@example.org");
/// Where the member's address goes, so that a token as well takes two.
const MOVED: &str = "marc.membre@elsewhere.example";

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const TOKEN: &str = "ACME 00-2417-9954";
/// One that runs by time, one whose button its holder presses, and one with a long name.
const BOX: &str = "serial number,secret,type,digits,time step,counter,manufacturer,user\n\
    00-2417-9954,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,totp,6,30,,ACME,\n\
    00-2417-9955,KRUGKIDROVUWG2ZAMJZG653OEBTG66BA,hotp,8,,0,ACME,\n\
    ZWEIGSTELLE-NORD-EMPFANG-2026-000000000417,ONSXMZLOEBYXK2LFOQQGYYLOORSXE3TT,totp,8,60,,Überseeische Schlüssel- und Sicherheitswerke,\n";
/// So many that their import can be watched.
const PALLET: usize = 20_000;

/// A workspace with nobody in it but whom this is about.
pub(crate) fn alone(visit: &Visit) -> Result<()> {
    crate::outside::create(visit)?;
    crate::outside::owner_enrols(visit)?;
    let codes = [invited(visit, HOLDER)?, invited(visit, MEMBER)?];
    visit.go("tokens.title")?;
    visit.main()?.see_text(&visit.t("tokens.none"))?;
    visit.shot("tokens-none")?;
    import(visit)?;
    assign(visit)?;
    visit.sign_out()?;
    join(visit, HOLDER, &codes[0])?;
    activate(visit)?;
    visit.sign_out()?;
    join(visit, MEMBER, &codes[1])?;
    visit.sign_out()?;
    visit.password(OWNER)?;
    visit.main()?.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    visit.main()?.see(visit.heading("users.title"))?;
    beside_the_holder(visit)?;
    two(visit)?;
    pallet(visit)
}

fn invited(visit: &Visit, person: Person) -> Result<String> {
    visit.invite(person, "role.member")?;
    let code = crate::visit::shown(&visit.sheet()?, &visit.t("issued.code.invitation"))?;
    visit.copy_and_close()?;
    Ok(code)
}

fn join(visit: &Visit, (_, email): Person, code: &str) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("signIn.invitation"))?;
    main.see(visit.heading("invitation.title"))?;
    main.fill(visit.field("form.email"), email)?;
    main.fill(visit.field("invitation.code"), code)?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("invitation.submit"))?;
    main.see(visit.heading("protect.title"))?;
    main.click(visit.button("protect.later"))?;
    main.see(visit.heading("profile.title"))
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

/// Chooses a file at the desk; the dialog that asks is open then.
fn chosen(visit: &Visit, rows: &str) -> Result<()> {
    let main = visit.main()?;
    let file = visit.stage.folder().join("livraison-2417.csv");
    std::fs::write(&file, rows)?;
    main.click(link(&visit.t("tokens.import")))?;
    main.see(visit.heading("seeds.title"))?;
    visit.shot("tokens-import")?;
    visit.click("seeds.choose")?;
    visit.stage.screen().open_file(&file)?;
    main.see_text(&visit.t("seeds.outcome"))?;
    visit.shot("tokens-import-verdicts")?;
    main.click(carry_out(visit))?;
    main.see(any("dialog"))
}

/// Whatever their number.
fn carry_out(visit: &Visit) -> Target {
    button(visit.t("seeds.carryOut.other").split("{count}").next().unwrap_or_default().trim()).in_part()
}

fn import(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    chosen(visit, BOX)?;
    visit.shot("tokens-import-ask")?;
    prove(visit)?;
    main.click(carry_out(visit).within(any("dialog")))?;
    main.see_text(&visit.t("seeds.doneHint"))?;
    visit.shot("tokens-imported")?;
    main.script("location.hash = '#/tokens'", json!([]))?;
    main.see(visit.heading("tokens.title"))?;
    visit.shot("tokens")
}

fn menu(visit: &Visit, token: &str) -> Result<()> {
    visit.main()?.click(button(&visit.t("users.actions").replace("{name}", token)))
}

fn assign(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.fill(named("searchbox", &visit.t("tokens.search")), "qqq")?;
    main.see_text(&visit.t("tokens.noneSo"))?;
    visit.shot("tokens-none-so")?;
    visit.empty()?;
    menu(visit, TOKEN)?;
    main.see(menuitem(&visit.t("tokens.assign")))?;
    visit.shot("tokens-menu")?;
    main.click(menuitem(&visit.t("tokens.assign")))?;
    let form = visit.dialog("tokens.assignTitle");
    main.see(form.clone())?;
    visit.shot("token-assign")?;
    let search = named("searchbox", &visit.t("tokens.findPerson"));
    main.fill(search.clone(), "qqq")?;
    main.see_text(&visit.t("users.none"))?;
    main.fill(search, "e")?;
    main.see(button(HOLDER.1).in_part().within(form.clone()))?;
    visit.shot("token-assign-found")?;
    main.click(button(HOLDER.1).in_part().within(form.clone()))?;
    main.see_text(&visit.t("tokens.assignFollows"))?;
    visit.shot("token-assign-proof")?;
    prove(visit)?;
    main.click(visit.button("tokens.assign").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text(HOLDER.0)?;
    visit.shot("tokens-assigned")?;
    for action in ["tokens.unassign", "tokens.retire", "tokens.undo"] {
        menu(visit, TOKEN)?;
        main.click(menuitem(&visit.t(action)))?;
        main.see(visit.dialog(action))?;
        visit.shot(&action.replace("tokens.", "token-"))?;
        main.click(visit.button("form.cancel"))?;
        main.see_gone(visit.dialog(action))?;
    }
    Ok(())
}

/// Its holder: the first code, and the way back into step.
fn activate(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let start = button(&visit.t("tokens.activateOne").replace("{name}", TOKEN));
    main.see(start.clone())?;
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
    main.click(visit.button("form.cancel"))?;
    main.see_gone(form.clone())?;
    main.click(start.clone())?;
    main.fill(visit.field("tokens.code"), &witness::totp(SECRET, visit.stage.clock()?.now())?)?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.click(visit.button("tokens.activate").within(form))?;
    visit.sheet()?.see(visit.heading("sheet.title.backup-codes"))?;
    visit.copy_and_close()?;
    main.see_gone(start)?;
    visit.shot("profile-token")?;
    menu(visit, TOKEN)?;
    main.click(menuitem(&visit.t("tokens.resync")))?;
    out_of_step(visit, "token-resync")
}

/// Two codes that are none of the token's, in the dialog that is open.
fn out_of_step(visit: &Visit, name: &str) -> Result<()> {
    let main = visit.main()?;
    let form = visit.dialog("tokens.resync");
    main.see(form.clone())?;
    visit.shot(name)?;
    main.fill(visit.field("tokens.first"), "000000")?;
    main.fill(visit.field("tokens.second"), "111111")?;
    main.click(visit.button("tokens.resync").within(form.clone()))?;
    main.see_text(&visit.t("refusal.token-code-wrong"))?;
    visit.shot(&format!("{name}-refused"))?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(form)
}

/// What staff see beside whoever holds one: an address as well takes two now.
fn beside_the_holder(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(HOLDER.0))?;
    main.see(heading(HOLDER.0))?;
    main.script("document.querySelector('#person-tokens').scrollIntoView({ block: 'center' })", json!([]))?;
    visit.shot("person-tokens")?;
    main.click(button(&visit.t("tokens.resyncOne").replace("{name}", TOKEN)))?;
    out_of_step(visit, "token-resync-theirs")?;
    // In a narrow window the list is not beside it.
    main.click(visit.button("form.close"))?;
    crate::addresses::two(visit, HOLDER.0)
}

/// A person whose address was changed a moment ago.
fn two(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(MEMBER.0))?;
    main.see(heading(MEMBER.0))?;
    crate::addresses::staff(visit, "email.follows")?;
    main.click(visit.button("action.change-email.title"))?;
    let form = visit.dialog("email.title");
    main.fill(visit.field("email.new").within(form.clone()), MOVED)?;
    prove(visit)?;
    main.click(visit.button("email.submit").within(form.clone()))?;
    main.see_gone(form)?;
    visit.shot("email-changed")?;
    main.click(visit.button("tokens.assign"))?;
    let form = visit.dialog("tokens.assignTitle");
    main.see(form.clone())?;
    main.fill(named("searchbox", &visit.t("tokens.findToken")), "2026")?;
    main.see(button("ZWEIGSTELLE").in_part().within(form.clone()))?;
    visit.shot("token-assign-of-a-person")?;
    main.click(button("ZWEIGSTELLE").in_part().within(form.clone()))?;
    prove(visit)?;
    main.click(visit.button("tokens.assign").within(form.clone()))?;
    main.see_text(&visit.t("tokens.two"))?;
    visit.shot("token-assign-two")?;
    main.click(visit.button("case.start").within(form))?;
    main.see(combobox(&visit.t("case.told")))?;
    visit.shot("case-token")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("case.title"))?;
    main.click(visit.button("form.close"))
}

/// An import that takes a while, watched.
fn pallet(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let rows: Vec<String> = (0..PALLET).map(|number| format!("P-{number:06},31323334353637383930{number:020x},totp\n")).collect();
    visit.go("tokens.title")?;
    chosen(visit, &format!("serial number,secret,type\n{}", rows.concat()))?;
    prove(visit)?;
    main.click(carry_out(visit).within(any("dialog")))?;
    main.see(named("progressbar", &visit.t("seeds.busy")))?;
    visit.easel.at_once(&visit.stage, "tokens-importing")?;
    main.see_text(&visit.t("seeds.doneHint"))?;
    main.script("location.hash = '#/tokens'", json!([]))?;
    main.see(visit.heading("tokens.title"))?;
    visit.shot("tokens-many")
}
