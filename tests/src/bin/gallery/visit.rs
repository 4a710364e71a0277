//! A visit: the program in one language and theme, the people in front of it, and what they do over and over.

use crate::easel::{Easel, Look};
use sallyport_tests::smtp::{MailServer, Setup};
use sallyport_tests::{
    Error, Page, Program, Result, Stage, Target, button, combobox, dialog, heading, link, menuitem, named, textbox, witness,
};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

pub(crate) const WORKSPACE: &str = "Hôpital universitaire de la Côte d’Opale — accueil, orientation et urgences";
pub(crate) const PASSPHRASE: &str = "seven quiet lanterns over the harbour";
pub(crate) const PASSWORD: &str = "plum-tractor-58-violin";

pub(crate) type Person = (&'static str, &'static str);
pub(crate) const OWNER: Person = ("Béatrice de La Rochefoucauld-Montbel", "beatrice@example.org");
pub(crate) const MEMBER: Person = ("Marc Membre", "marc@example.org");
/// The member's second authenticator.
pub(crate) const TABLET: Person =
    ("Tablette de secours, dans le coffre du bureau de l’accueil principal", "the tablet of marc@example.org");
pub(crate) const GUEST: Person = ("Noémie Lefèvre", "noemie@example.org");

#[derive(Debug)]
pub(crate) struct Visit {
    // Before the stage: the program ends first.
    program: Program,
    pub(crate) stage: Stage,
    pub(crate) easel: Easel,
    /// A mail server that the computer trusts.
    pub(crate) mail: MailServer,
    words: HashMap<String, String>,
    phones: RefCell<HashMap<&'static str, String>>,
    /// The codes of the recovery kits, the last one last.
    pub(crate) kits: RefCell<Vec<String>>,
    step: Cell<u64>,
}

impl Visit {
    pub(crate) fn begin(out: &std::path::Path, look: Look) -> Result<Self> {
        let mut stage = Stage::new()?;
        let mail = MailServer::start(Setup::default())?;
        stage.set_variable("SSL_CERT_FILE", Some(&mail.authority()?.1.display().to_string()));
        stage.set_language(if look.french { "fr_FR.UTF-8" } else { "en_GB.UTF-8" });
        let program = stage.start("gallery")?;
        let catalogue =
            if look.french { include_str!("../../../../ui/locales/fr.json") } else { include_str!("../../../../ui/locales/en.json") };
        let visit = Self {
            program,
            easel: Easel::new(out, look)?,
            stage,
            mail,
            words: serde_json::from_str(catalogue)?,
            phones: RefCell::default(),
            kits: RefCell::default(),
            step: Cell::new(0),
        };
        visit.easel.hang(&visit.stage)?;
        let theme = visit.t(if look.dark { "theme.dark" } else { "theme.light" });
        visit.main()?.choose(combobox(&visit.t("preferences.theme")), &theme)?;
        Ok(visit)
    }

    /// The words of a key, its blanks unfilled, and its spaces plain as the page's words are when they are looked for.
    pub(crate) fn t(&self, key: &str) -> String {
        let words = self.words.get(key).map_or(key, String::as_str);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn button(&self, key: &str) -> Target {
        button(&self.t(key))
    }

    pub(crate) fn heading(&self, key: &str) -> Target {
        heading(&self.t(key))
    }

    pub(crate) fn field(&self, key: &str) -> Target {
        textbox(&self.t(key))
    }

    pub(crate) fn dialog(&self, key: &str) -> Target {
        dialog(&self.t(key))
    }

    pub(crate) fn main(&self) -> Result<Page> {
        self.program.main()
    }

    pub(crate) fn sheet(&self) -> Result<Page> {
        self.program.window("sheet")
    }

    pub(crate) fn shot(&self, name: &str) -> Result<()> {
        self.easel.shot(&self.stage, &self.main()?, name)
    }

    pub(crate) fn sheet_shot(&self, name: &str) -> Result<()> {
        self.easel.sheet_shot(&self.stage, &self.sheet()?, name)
    }

    pub(crate) fn click(&self, key: &str) -> Result<()> {
        self.main()?.click(self.button(key))
    }

    pub(crate) fn go(&self, key: &str) -> Result<()> {
        let main = self.main()?;
        main.click(link(&self.t(key)))?;
        main.see(self.heading(key))
    }

    pub(crate) fn session(&self, key: &str) -> Result<()> {
        self.click("session.menu")?;
        self.main()?.click(menuitem(&self.t(key)))
    }

    pub(crate) fn sign_out(&self) -> Result<()> {
        self.session("session.signOut")?;
        self.main()?.see(self.heading("signIn.title"))
    }

    /// The first door.
    pub(crate) fn password(&self, (_, email): Person) -> Result<()> {
        let main = self.main()?;
        main.fill(self.field("form.email"), email)?;
        main.fill(self.field("form.password"), PASSWORD)?;
        main.click(self.button("signIn.submit"))
    }

    pub(crate) fn give_code(&self, code: &str) -> Result<()> {
        let main = self.main()?;
        main.fill(self.field("code.label"), code)?;
        main.click(self.button("code.submit"))
    }

    /// What the person's phone shows; a code is good once, so the clock goes on to the next.
    pub(crate) fn code(&self, person: Person) -> Result<String> {
        let secret = self.phones.borrow().get(person.1).cloned().ok_or_else(|| Error::said("Nothing was scanned yet."))?;
        let clock = self.stage.clock()?;
        if clock.now() / 30 <= self.step.get() {
            let next = (self.step.get() + 1) * 30 + 1;
            clock.advance_seconds(i64::try_from(next.saturating_sub(clock.now())).unwrap_or(30))?;
        }
        self.step.set(clock.now() / 30);
        witness::totp(&secret, clock.now())
    }

    /// Reads the secret off the sheet, as somebody types it into an app.
    pub(crate) fn type_secret(&self, person: Person) -> Result<()> {
        let secret = shown(&self.sheet()?, &self.t("enrolment.secret"))?;
        self.phones.borrow_mut().insert(person.1, secret);
        Ok(())
    }

    /// Empties the field that was typed in last: the driver cannot type nothing.
    pub(crate) fn empty(&self) -> Result<()> {
        self.stage.screen().press("ctrl+a")?;
        self.stage.screen().press("BackSpace")
    }

    /// Verifies on the sheet and reads the ten codes that follow.
    pub(crate) fn verify(&self, person: Person) -> Result<Vec<String>> {
        let sheet = self.sheet()?;
        sheet.fill(self.field("code.label"), &self.code(person)?)?;
        sheet.click(self.button("code.submit"))?;
        self.codes()
    }

    pub(crate) fn codes(&self) -> Result<Vec<String>> {
        let sheet = self.sheet()?;
        (1..=10).map(|number| shown(&sheet, &self.t("codes.number").replace("{number}", &number.to_string()))).collect()
    }

    /// Copies what the sheet shows and closes it.
    pub(crate) fn copy_and_close(&self) -> Result<()> {
        let sheet = self.sheet()?;
        sheet.click(self.button("sheet.copy"))?;
        sheet.see_text(&self.t("kept.copied"))?;
        self.close_sheet()
    }

    /// Saves the kit on the sheet and remembers its code.
    pub(crate) fn keep_kit(&self) -> Result<()> {
        let sheet = self.sheet()?;
        self.kits.borrow_mut().push(shown(&sheet, &self.t("kit.code"))?);
        sheet.click(self.button("codes.savePdf"))?;
        let paper = self.stage.folder().join(format!("kit-{}.pdf", self.kits.borrow().len()));
        self.stage.screen().save_as(&paper)?;
        let said = self.t("kit.saved");
        sheet.see_text(said.split_once("{file}").map_or("", |(_, rest)| rest.trim()))
    }

    pub(crate) fn close_sheet(&self) -> Result<()> {
        self.sheet()?.click(self.button("sheet.done"))?;
        self.program.window_gone("sheet")
    }

    pub(crate) fn sheet_gone(&self) -> Result<()> {
        self.program.window_gone("sheet")
    }

    /// Adds somebody; the invitation stands on the sheet then.
    pub(crate) fn invite(&self, (name, email): (&str, &str), role: &str) -> Result<()> {
        let main = self.main()?;
        main.click(self.button("addUser.title"))?;
        main.fill(self.field("addUser.name"), name)?;
        main.fill(self.field("form.email"), email)?;
        main.choose(combobox(&self.t("users.role")), &self.t(role))?;
        main.click(self.button("addUser.submit"))
    }
}

/// A code as it is shown, without the gaps between its groups.
pub(crate) fn shown(sheet: &Page, name: &str) -> Result<String> {
    Ok(sheet.text(named("group", name))?.chars().filter(|c| !c.is_whitespace()).collect())
}
