//! Policies: the form, and what stands there before a change is saved.

use crate::visit::{GUEST, PASSWORD, Visit};
use sallyport_tests::{Result, combobox};
use serde_json::json;

/// The rules as the owner sees them, a change that touches nobody, and one that obliges and locks out.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    // The driver does not bring the options of a list into sight.
    let choose = |rule: &str, option: &str| {
        main.script("document.querySelector(`[name=${arguments[0]}]`).scrollIntoView({ block: 'center' })", json!([rule]))?;
        main.choose(combobox(&visit.t(&format!("policy.rule.{rule}"))), option)
    };
    let check = || {
        main.script("document.querySelector('.main [type=submit]').scrollIntoView({ block: 'center' })", json!([]))?;
        main.click(visit.button("policies.check"))
    };
    let see = || {
        check()?;
        main.see(visit.dialog("policy.title"))
    };
    visit.go("policies.title")?;
    visit.shot("policies")?;
    choose("idleMinutes", &visit.t("policy.minutes.other").replace("{count}", "5"))?;
    see()?;
    main.see_text(&visit.t("policy.nobody"))?;
    visit.shot("policy-nobody")?;
    visit.stage.screen().press("Escape")?;
    choose("required", &visit.t("policy.required.everyone"))?;
    choose("backupCodes", &visit.t("policy.backupCodes.no"))?;
    see()?;
    main.see_text(GUEST.1)?;
    visit.shot("policy-locks-out")?;
    visit.stage.screen().press("Escape")?;
    choose("backupCodes", &visit.t("policy.backupCodes.yes"))?;
    choose("graceDays", &visit.t("policy.days.other").replace("{count}", "5"))?;
    see()?;
    main.fill(visit.field("proof.password"), "not this one, surely")?;
    visit.stage.screen().press("Return")?;
    main.see_text(&visit.t("refusal.wrong-password"))?;
    visit.shot("policy-refused")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    visit.stage.screen().press("Return")?;
    main.see_text(&visit.t("policies.saved"))?;
    main.script("document.querySelector('[name=whose]').scrollIntoView({ block: 'center' })", json!([]))?;
    let whose = visit.t("policies.community").replace("{name}", crate::visit::WORKSPACE);
    main.choose(combobox(&visit.t("policies.whose")), &whose)?;
    main.see_text(&visit.t("policies.communityLead"))?;
    visit.shot("policies-of-a-community")?;
    choose("unlockAsksCode", &visit.t("policy.unlockAsksCode.yes"))?;
    check()?;
    main.see_text(&visit.t("policy.nobody"))?;
    visit.shot("policy-of-a-community")?;
    visit.stage.screen().press("Escape")?;
    Ok(())
}

/// Obliged, and with days left: at sign-in, and on every screen after.
pub(crate) fn grace(visit: &Visit) -> Result<()> {
    visit.password(GUEST)?;
    let main = visit.main()?;
    main.see_text(&visit.t("protect.graceLead"))?;
    visit.shot("protect-grace")?;
    main.click(visit.button("protect.later"))?;
    main.see(visit.heading("profile.title"))?;
    visit.shot("profile-grace")?;
    visit.go("activity.title")?;
    visit.shot("my-activity-grace")?;
    visit.sign_out()
}
