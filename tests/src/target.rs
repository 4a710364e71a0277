//! How a person points at something: by what it is and what it is called.

use serde::Serialize;

/// Something on the page, by role and accessible name.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    role: String,
    name: Option<String>,
    part: bool,
    within: Option<Box<Target>>,
}

impl Target {
    /// Inside another one: the button of *that* row.
    #[must_use]
    pub fn within(mut self, outer: Target) -> Self {
        self.within = Some(Box::new(outer));
        self
    }

    /// The given name is only a part of the whole one.
    #[must_use]
    pub fn in_part(mut self) -> Self {
        self.part = true;
        self
    }

    pub(crate) fn role(&self) -> &str {
        &self.role
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.role)?;
        if let Some(name) = &self.name {
            write!(f, " “{}{name}”", if self.part { "…" } else { "" })?;
        }
        self.within.as_ref().map_or(Ok(()), |outer| write!(f, " in {outer}"))
    }
}

/// Anything by role and name.
pub fn named(role: &str, name: &str) -> Target {
    Target { role: role.to_owned(), name: Some(name.to_owned()), part: false, within: None }
}

/// Anything by role alone.
pub fn any(role: &str) -> Target {
    Target { role: role.to_owned(), name: None, part: false, within: None }
}

macro_rules! roles {
    ($($name:ident: $role:literal, $what:literal;)*) => {$(
        #[doc = $what]
        pub fn $name(name: &str) -> Target {
            named($role, name)
        }
    )*};
}

roles! {
    button: "button", "A button.";
    checkbox: "checkbox", "A box to tick.";
    combobox: "combobox", "A list to choose from.";
    dialog: "dialog", "A dialog inside the page, by its title.";
    heading: "heading", "A heading.";
    link: "link", "A link.";
    menuitem: "menuitem", "An entry of a menu.";
    radio: "radio", "One of several choices.";
    textbox: "textbox", "A field to type in; password fields too.";
    image: "img", "A picture.";
}

/// The row of a table in which this stands.
pub fn row(text: &str) -> Target {
    named("row", text).in_part()
}
