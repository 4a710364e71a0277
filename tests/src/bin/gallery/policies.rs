//! Policies: the form, and what stands there before a change is saved.

use crate::visit::{GUEST, PASSWORD, Visit};
use sallyport_tests::{Result, combobox};

/// The rules as the owner sees them, a change that touches nobody, and one that obliges and locks out.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let see = || {
        main.click(visit.button("policies.check"))?;
        main.see(visit.dialog("policy.title"))
    };
    visit.go("policies.title")?;
    visit.shot("policies")?;
    main.choose(combobox(&visit.t("policy.rule.idleMinutes")), &visit.t("policy.minutes.other").replace("{count}", "5"))?;
    see()?;
    main.see_text(&visit.t("policy.nobody"))?;
    visit.shot("policy-nobody")?;
    main.click(visit.button("form.cancel"))?;
    main.choose(combobox(&visit.t("policy.rule.required")), &visit.t("policy.required.everyone"))?;
    main.choose(combobox(&visit.t("policy.rule.backupCodes")), &visit.t("policy.backupCodes.no"))?;
    see()?;
    main.see_text(GUEST.1)?;
    visit.shot("policy-locks-out")?;
    visit.stage.screen().press("Escape")?;
    main.choose(combobox(&visit.t("policy.rule.backupCodes")), &visit.t("policy.backupCodes.yes"))?;
    main.choose(combobox(&visit.t("policy.rule.graceDays")), &visit.t("policy.days.other").replace("{count}", "5"))?;
    see()?;
    main.fill(visit.field("proof.password"), "not this one, surely")?;
    visit.stage.screen().press("Return")?;
    main.see_text(&visit.t("refusal.wrong-password"))?;
    visit.shot("policy-refused")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    visit.stage.screen().press("Return")?;
    main.see_text(&visit.t("policies.saved"))?;
    let whose = visit.t("policies.community").replace("{name}", crate::visit::WORKSPACE);
    main.choose(combobox(&visit.t("policies.whose")), &whose)?;
    main.see_text(&visit.t("policies.communityLead"))?;
    visit.shot("policies-of-a-community")?;
    main.choose(combobox(&visit.t("policy.rule.unlockAsksCode")), &visit.t("policy.unlockAsksCode.yes"))?;
    main.click(visit.button("policies.check"))?;
    main.see_text(&visit.t("policy.nobody"))?;
    visit.shot("policy-of-a-community")?;
    main.click(visit.button("form.cancel"))
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
