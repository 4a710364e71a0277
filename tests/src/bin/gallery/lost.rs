//! A desktop that is lost: the list that leads there, and its page before and after it is taken back.

use crate::visit::{GUEST, PASSWORD, Visit};
use sallyport_tests::{Result, Served, button};
use serde_json::json;

/// Another desktop than the one at which the window stands, with the codes that were issued here.
const OTHER: &str = "00000000-0000-4000-8000-00000000de51";
const NAME: &str = "Portable de la permanence de nuit, deuxième étage";

/// Seen in the owner's window.
pub(crate) fn walk(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    visit.go("users.title")?;
    visit.invite(GUEST, "role.support")?;
    visit.copy_and_close()?;
    props(served)?;
    visit.go("devices.title")?;
    visit.shot("devices-lost")?;
    main.click(button(&visit.t("lost.openOne").replace("{name}", NAME)))?;
    main.see_text(&visit.t("lost.revokeFirst"))?;
    visit.shot("lost-device")?;
    for (part, name) in [("lost.two", "lost-device-shown"), ("lost.three", "lost-device-issued"), ("lost.four", "lost-device-told")] {
        see_below(visit, part)?;
        visit.shot(name)?;
    }
    main.fill(visit.field("proof.password"), "not the password")?;
    main.click(visit.button("lost.revoke"))?;
    main.see_text(&visit.t("refusal.wrong-password"))?;
    visit.shot("lost-device-refused")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.click(visit.button("lost.revoke"))?;
    main.see_gone(visit.button("lost.revoke"))?;
    visit.shot("lost-device-revoked")?;
    see_below(visit, "lost.four")?;
    let people = visit.t("lost.tell.other").replace("{count}", "2");
    main.click(button(&people))?;
    main.see_gone(button(&people))?;
    see_below(visit, "lost.three")?;
    visit.shot("lost-device-over")?;
    visit.go("journal.title")?;
    visit.shot("lost-device-journal")
}

/// The desktop of support, where the codes that were issued here were issued too.
fn props(served: &Served) -> Result<()> {
    let staff = format!("(SELECT id FROM accounts WHERE email_folded = '{}')", GUEST.1);
    served.sql(&format!(
        "INSERT INTO devices (id, version, invited_at, live_until, code, person, body)
         SELECT '{OTHER}', 1, invited_at, live_until, code, {staff},
            jsonb_set(jsonb_set(jsonb_set(body::jsonb, '{{id}}', '\"{OTHER}\"'), '{{name}}', '\"{NAME}\"'), '{{person}}', to_jsonb({staff}::text))::text
         FROM devices WHERE body LIKE '%paired%' LIMIT 1"
    ))?;
    served
        .sql(&format!(
            "INSERT INTO issuers (id, version, device, staff, touched_at, body)
             SELECT substring(id for 16) || '\\x0fff'::bytea, 1, '{OTHER}', {staff}, touched_at,
                jsonb_set(jsonb_set(jsonb_set(body::jsonb, '{{number}}', '4095'), '{{device}}', '\"{OTHER}\"'), '{{staff}}', to_jsonb({staff}::text))::text
             FROM issuers LIMIT 1"
        ))
        .map(drop)
}

/// Brings what stands under this heading into sight.
fn see_below(visit: &Visit, key: &str) -> Result<()> {
    let main = visit.main()?;
    main.see(visit.heading(key))?;
    let script = "[...document.querySelectorAll('h2')].find((one) => one.textContent.trim() === arguments[0]).scrollIntoView()";
    main.script(script, json!([visit.t(key)])).map(drop)
}
