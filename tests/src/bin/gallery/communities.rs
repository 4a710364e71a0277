//! Communities, and the person beside the list of users.

use crate::visit::{MEMBER, OWNER, PASSWORD, Person, Visit, WORKSPACE};
use sallyport_tests::{Result, button, combobox, heading, link};

const SOMEBODY: Person = ("O", "o@example.org");
const LONG: &str = "Centre de réadaptation, de consultation externe et d’hospitalisation de jour du littoral septentrional";

pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("communities.title")?;
    visit.shot("communities-one")?;
    main.click(visit.button("communities.make"))?;
    main.see(visit.dialog("communities.make"))?;
    visit.shot("community-new")?;
    main.fill(visit.field("communities.name"), WORKSPACE)?;
    main.click(visit.button("communities.makeSubmit"))?;
    main.see_text(&visit.t("refusal.community-name-taken"))?;
    visit.shot("community-refused")?;
    main.fill(visit.field("communities.name"), LONG)?;
    main.click(visit.button("communities.makeSubmit"))?;
    main.see(heading(LONG))?;
    visit.shot("communities")?;
    main.click(button(&visit.t("communities.removeOne").replace("{name}", LONG)))?;
    main.see(visit.dialog("communities.remove"))?;
    visit.shot("community-remove")?;
    main.click(visit.button("form.cancel"))?;

    visit.go("users.title")?;
    main.click(link(SOMEBODY.0))?;
    main.see(heading(SOMEBODY.0))?;
    visit.shot("person")?;
    main.click(visit.button("roles.change"))?;
    main.see(visit.dialog("roles.title"))?;
    visit.shot("person-roles")?;
    main.choose(combobox(&visit.t("addUser.community")), LONG)?;
    main.choose(combobox(&visit.t("users.role")), &visit.t("role.member"))?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    visit.shot("person-roles-chosen")?;
    main.click(visit.button("form.cancel"))?;
    for action in ["deactivate", "mark-elsewhere"] {
        let title = format!("action.{action}.title");
        main.click(visit.button(&title))?;
        main.see(visit.dialog(&title))?;
        visit.shot(&format!("person-{action}"))?;
        main.click(visit.button("form.cancel"))?;
    }
    main.click(visit.button("form.close"))?;
    main.click(link(OWNER.0))?;
    main.see(heading(OWNER.0))?;
    visit.shot("person-oneself")?;
    main.click(visit.button("form.close"))?;
    main.click(link("Maximiliane-Friederike").in_part())?;
    main.see_text(&visit.t("roles.heading"))?;
    visit.shot("person-long-name")?;
    main.click(visit.button("form.close"))?;
    main.click(link(SOMEBODY.0))?;
    main.see(heading(SOMEBODY.0))?;
    main.click(visit.button("action.deactivate.title"))?;
    main.click(visit.button("action.deactivate.title").within(visit.dialog("action.deactivate.title")))?;
    main.see_text(&visit.t("state.deactivated"))?;
    visit.shot("person-deactivated")?;
    main.click(visit.button("action.reactivate.title"))?;
    main.see(visit.dialog("action.reactivate.title"))?;
    visit.shot("person-reactivate")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.click(visit.button("action.reactivate.title").within(visit.dialog("action.reactivate.title")))?;
    main.see_gone(visit.dialog("action.reactivate.title"))?;
    // The panel is drawn anew first, and would take the button from under the click.
    main.see(visit.button("action.deactivate.title"))?;
    main.click(visit.button("form.close"))?;
    main.choose(combobox(&visit.t("users.allStates")), &visit.t("state.deactivated"))?;
    main.see_text(&visit.t("users.noneSo"))?;
    visit.shot("users-none-so")?;
    main.choose(combobox(&visit.t("users.allStates")), &visit.t("users.allStates"))?;
    visit.go("communities.title")?;
    main.click(button(&visit.t("communities.removeOne").replace("{name}", LONG)))?;
    main.click(visit.button("communities.remove").within(visit.dialog("communities.remove")))?;
    main.see_gone(heading(LONG))?;
    visit.go("users.title")
}

/// Somebody with an authenticator, beside the list.
pub(crate) fn enrolled(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(MEMBER.0))?;
    main.see(heading(MEMBER.0))?;
    visit.shot("person-enrolled")?;
    main.click(visit.button("action.sign-out.title"))?;
    main.see(visit.dialog("action.sign-out.title"))?;
    visit.shot("person-sign-out")?;
    main.click(visit.button("form.cancel"))?;
    crate::addresses::staff(visit, "email.follows")?;
    main.click(visit.button("form.close"))
}
