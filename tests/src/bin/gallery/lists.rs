//! Importing a list of people, and taking it back.

use crate::visit::{PASSWORD, Visit};
use sallyport_tests::{Result, button, menuitem};

const LIST: &str = "nom;email;rôle;service\n\
    Maximiliane-Friederike Oberhummer-Schwarzenbergerstraße;maximiliane-friederike.oberhummer@verwaltung.hopital-cote-opale.example.org;;Accueil\n\
    Ines Ferry;ines@example.org;support;Accueil\n\
    Ines Ferry;INES@example.org;;Accueil\n\
    Paul;paul;;Accueil\n\
    Une personne au rôle inconnu;inconnue@example.org;empereur;Accueil\n";

fn open(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("users.title")?;
    main.click(visit.button("users.list"))?;
    main.click(menuitem(&visit.t("import.open")))?;
    main.see(visit.heading("import.title"))
}

fn counted(visit: &Visit, key: &str, count: &str) -> String {
    visit.t(key).replace("{count}", count)
}

pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let file = visit.stage.folder().join("personnel-de-la-clinique-2026.csv");
    open(visit)?;
    visit.shot("import")?;
    std::fs::write(&file, b"nom;email\nZo\xeb;zoe@example.org\n")?;
    main.click(visit.button("import.choose"))?;
    visit.stage.screen().open_file(&file)?;
    main.see(visit.button("import.again"))?;
    visit.shot("import-unreadable")?;
    std::fs::write(&file, LIST)?;
    main.click(visit.button("import.again"))?;
    let carry_out = counted(visit, "import.carryOut.other", "2");
    main.see(button(&carry_out))?;
    visit.shot("import-checked")?;
    main.click(button(&visit.t("import.all")).in_part())?;
    main.see_text("Oberhummer")?;
    visit.shot("import-checked-all")?;
    main.click(button(&carry_out))?;
    let form = sallyport_tests::dialog(&counted(visit, "import.ask.other", "2"));
    main.see(form.clone())?;
    visit.shot("import-ask")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(button(&counted(visit, "import.submit.other", "2")).within(form.clone()))?;
    main.see_gone(form)?;
    let undo = visit.t("import.undoOne").replace("{file}", "personnel-de-la-clinique-2026.csv");
    main.see(button(&undo))?;
    visit.shot("import-done")?;
    main.click(button(&undo))?;
    let form = visit.dialog("import.undoTitle");
    main.see(form.clone())?;
    visit.shot("import-undo")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("import.undo").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_gone(button(&undo))?;
    visit.shot("import-undone")?;
    visit.go("users.title")
}
