//! A list of people as CSV (RFC 4180), for a spreadsheet and for Sallyport's own import.
//!
//! Its columns have fixed English names, whatever the language of the reader; `FORMATS.md` lists them.

use std::io;

use wire::{
    people::{PersonLine, RoleName},
    window::Language,
};

/// The columns, in order.
pub const COLUMNS: [&str; 13] = [
    "name",
    "email",
    "role",
    "community",
    "language",
    "state",
    "locked",
    "authenticators",
    "backup_codes_left",
    "backup_codes_saved",
    "last_signed_in",
    "added",
    "owner",
];

/// Stands between several roles of one person, and between their communities, in the same order.
const BETWEEN: &str = " | ";

/// The list. It begins with the byte order mark, by which spreadsheets know UTF-8. `separator` is `,` or `;`: the one that
/// the reader's spreadsheet expects. `date` writes a moment, in seconds since 1970, for a person.
///
/// # Errors
/// Only those of `io`, which memory does not have.
pub fn csv(lines: &[PersonLine], separator: u8, date: impl Fn(i64) -> String) -> io::Result<Vec<u8>> {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let mut writer = csv::WriterBuilder::new().delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(COLUMNS)?;
    for line in lines {
        let roles: Vec<&str> = line.roles.iter().map(|(role, _)| role_word(*role)).collect();
        let communities: Vec<&str> = line.roles.iter().map(|(_, community)| community.as_str()).collect();
        let number = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
        writer.write_record([
            harmless(&line.name),
            harmless(&line.email),
            roles.join(BETWEEN),
            harmless(&communities.join(BETWEEN)),
            match line.language {
                Language::En => "en".into(),
                Language::Fr => "fr".into(),
            },
            line.state.clone(),
            yes(line.locked),
            number(line.authenticators),
            number(line.codes_left),
            line.codes_saved.map_or_else(String::new, yes),
            line.signed_in_at.map_or_else(String::new, &date),
            date(line.added_at),
            yes(line.owner),
        ])?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

fn yes(it_is: bool) -> String {
    if it_is { "yes" } else { "no" }.into()
}

fn role_word(role: RoleName) -> &'static str {
    match role {
        RoleName::Member => "member",
        RoleName::Support => "support",
        RoleName::Administrator => "administrator",
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV Injection): an apostrophe before what would begin one. The
/// import takes it off again.
pub fn harmless(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    format!("{guard}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> PersonLine {
        PersonLine {
            name: name.into(),
            email: "ana@example.org".into(),
            owner: false,
            roles: vec![(RoleName::Member, "North".into())],
            language: Language::Fr,
            state: "protected".into(),
            locked: false,
            authenticators: Some(2),
            codes_left: Some(3),
            codes_saved: Some(true),
            signed_in_at: Some(0),
            added_at: 60,
        }
    }

    fn text(lines: &[PersonLine], separator: u8) -> String {
        let bytes = csv(lines, separator, |at| format!("at {at}")).expect("bytes");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn one_person_a_row_under_fixed_heads() {
        let both = PersonLine {
            roles: vec![(RoleName::Administrator, "North, inner".into()), (RoleName::Member, "=South".into())],
            signed_in_at: None,
            ..line("Zoë \"Z\" O’Neil")
        };
        assert_eq!(
            text(&[line("Ana"), both], b','),
            "\u{feff}name,email,role,community,language,state,locked,authenticators,backup_codes_left,backup_codes_saved,last_signed_in,added,owner\r\n\
             Ana,ana@example.org,member,North,fr,protected,no,2,3,yes,at 0,at 60,no\r\n\
             \"Zoë \"\"Z\"\" O’Neil\",ana@example.org,administrator | member,\"North, inner | =South\",fr,protected,no,2,3,yes,,at 60,no\r\n",
        );
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for begins in ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1"] {
            for separator in [b',', b';'] {
                let evil =
                    PersonLine { name: begins.into(), email: begins.into(), roles: vec![(RoleName::Member, begins.into())], ..line("") };
                let text = text(&[evil], separator);
                let mut reader =
                    ::csv::ReaderBuilder::new().delimiter(separator).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
                let row = reader.records().next().expect("a row").expect("a row");
                for cell in [0, 1, 3] {
                    assert_eq!(row[cell], format!("'{begins}"));
                }
            }
        }
        assert_eq!(harmless("O'Neil = me"), "O'Neil = me");
    }
}
