//! A backup from its dialog to the workspace restored from it, and removing one.

use crate::visit::{PASSPHRASE, PASSWORD, Visit, WORKSPACE};
use sallyport_tests::{Result, button, combobox, menuitem};

pub(crate) fn walk(visit: &Visit) -> Result<()> {
    backup(visit)?;
    restore(visit)?;
    remove(visit)
}

fn backup(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("vault.title")?;
    main.script("document.querySelector('#backup-title').scrollIntoView()", serde_json::json!([]))?;
    visit.shot("this-workspace-backup")?;
    main.click(visit.button("backup.now"))?;
    let form = visit.dialog("backup.now");
    main.see(form.clone())?;
    visit.shot("backup")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.fill(visit.field("create.passphrase").within(form.clone()), PASSPHRASE)?;
    main.click(visit.button("backup.submit").within(form.clone()))?;
    // A folder that takes no files, not even from root.
    visit.stage.screen().save_as(std::path::Path::new("/proc/x.backup"))?;
    main.see_text(&visit.t("refusal.file-not-written"))?;
    visit.shot("backup-refused")?;
    main.click(visit.button("backup.submit").within(form))?;
    let file = visit.stage.folder().join("workspace-backup-hopital-universitaire-de-la-cote-d-opale.backup");
    visit.stage.screen().save_as(&file)?;
    main.see(visit.dialog("backup.doneTitle"))?;
    visit.shot("backup-kept")?;
    main.click(visit.button("form.close"))?;
    visit.session("workspace.close")?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see(visit.heading("start.title"))
}

fn restore(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("restore.title"))?;
    main.see(visit.heading("restore.title"))?;
    visit.shot("restore")?;
    main.click(visit.button("restore.choose"))?;
    visit.stage.screen().open_file(std::path::Path::new("/etc/hostname"))?;
    main.see_text(&visit.t("refusal.no-backup"))?;
    visit.shot("restore-no-backup")?;
    main.click(visit.button("restore.choose"))?;
    visit.stage.screen().open_file(&visit.stage.folder().join("workspace-backup-hopital-universitaire-de-la-cote-d-opale.backup"))?;
    main.see_text(&visit.t("restore.beside"))?;
    visit.shot("restore-chosen")?;
    main.choose(combobox(&visit.t("restore.by")), &visit.t("restore.byKit"))?;
    main.see(visit.field("kit.code"))?;
    visit.shot("restore-by-kit")?;
    main.choose(combobox(&visit.t("restore.by")), &visit.t("restore.byPassphrase"))?;
    let fill = |present: &str| {
        main.fill(visit.field("restore.present"), present)?;
        main.fill(visit.field("restore.new"), PASSPHRASE)?;
        main.fill(visit.field("restore.again"), PASSPHRASE)?;
        main.click(visit.button("restore.submit"))
    };
    fill("not the passphrase at all")?;
    main.see_text(&visit.t("refusal.backup-passphrase-wrong"))?;
    visit.shot("restore-refused")?;
    fill(PASSPHRASE)?;
    main.see_text(&visit.t("told.restored"))?;
    visit.shot("restored")?;
    main.click(visit.button("workspace.close"))?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see(visit.heading("start.title"))?;
    visit.shot("start-with-restored")
}

fn remove(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let restored = visit.t("start.restoredAt");
    let label = visit.t("start.actions").replace("{name}", &format!("{WORKSPACE}, {}", restored.split(" {").next().unwrap_or_default()));
    main.click(button(label.split(" {").next().unwrap_or_default()).in_part())?;
    main.see(menuitem(&visit.t("remove.title")))?;
    visit.shot("start-menu")?;
    main.click(menuitem(&visit.t("remove.title")))?;
    let form = visit.dialog("remove.title");
    main.see(form.clone())?;
    visit.shot("remove")?;
    main.fill(visit.field("remove.name").within(form.clone()), "?")?;
    main.click(visit.button("remove.submit").within(form))?;
    main.see_text(&visit.t("refusal.name-differs"))?;
    visit.shot("remove-refused")?;
    // The driver does not bring into sight what lies under the fold of a dialog.
    visit.stage.screen().press("Escape")?;
    main.see_gone(visit.dialog("remove.title"))?;
    main.see(visit.heading("start.title"))
}
