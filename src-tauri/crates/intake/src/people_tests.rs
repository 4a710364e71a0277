use super::*;

fn file(text: &str) -> PeopleFile {
    read(text.as_bytes()).expect("it reads")
}

fn refused(bytes: &[u8]) -> PeopleFileError {
    read(bytes).expect_err("it must be refused")
}

#[test]
fn every_separator_and_heading_is_found_from_the_header() {
    for (text, separator) in [
        ("name,email,role,community,language\nAna Silva,ana@example.org,support,North,fr\n", ','),
        ("\u{feff}Nom;Courriel;Rôle;Communauté;Langue\r\nAna Silva;ana@example.org;support;North;fr\r\n", ';'),
        ("NAME\tE-Mail Address\tRole\tCommunity\tLanguage\rAna Silva\tana@example.org\tsupport\tNorth\tfr", '\t'),
        ("sep=;\n\"Nom\";\"Adresse e-mail\";ROLE;communaute;Langue\n\"Ana Silva\";ana@example.org;support;North;fr", ';'),
        ("Nom de famille;Prénom;Courriel;Rôle;Communauté;Langue\nSilva;Ana;ana@example.org;support;North;fr", ';'),
    ] {
        let read = file(text);
        assert_eq!(read.separator, separator, "{text}");
        assert_eq!(read.ignored, Vec::<String>::new());
        let row = &read.rows[0];
        let cells = [&row.name, &row.email, &row.role, &row.community, &row.language];
        assert_eq!(cells, ["Ana Silva", "ana@example.org", "support", "North", "fr"], "{text}");
        assert_eq!(row.line, if text.starts_with("sep") { 3 } else { 2 });
        assert_eq!(row.problems, []);
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let read = file("\r\nname,email\r\n\r\n\"Ana\r\nSilva\",ana@example.org\r\n,,\r\nBo,bo@example.org");
    let lines: Vec<_> = read.rows.iter().map(|row| (row.line, row.email.as_str())).collect();
    assert_eq!(lines, [(4, "ana@example.org"), (7, "bo@example.org")]);
    assert_eq!(read.rows[0].problems, [RowProblem::ControlCharacter(Column::Name)]);
}

#[test]
fn a_cell_keeps_what_was_quoted_and_loses_the_guard_of_a_spreadsheet() {
    let read =
        file("email,name\nana@example.org,\"Silva, \"\"Ana\"\"\"\nbo@example.org,'=Bo\ncy@example.org,'Cy\n\"o'@example.org\", '@x \n");
    let names: Vec<_> = read.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Silva, \"Ana\"", "=Bo", "'Cy", "'@x"]);
}

#[test]
fn a_bad_row_says_why_and_leaves_the_others() {
    let long = "x".repeat(MAX_CELL + 1);
    let read = file(&format!("name,email,notes\nAna,,\nSilva, Bo,bo@example.org,hello,more\n{long},cy@example.org\nDi,di@example.org\n"));
    let problems: Vec<_> = read.rows.iter().map(|row| row.problems.clone()).collect();
    assert_eq!(
        problems,
        [
            vec![RowProblem::NoEmail],
            vec![RowProblem::TooManyCells { found: 5, expected: 3 }],
            vec![RowProblem::CellTooLong(Column::Name)],
            vec![],
        ]
    );
    assert_eq!(read.ignored, ["notes"]);
}

#[test]
fn what_is_no_list_is_told_by_its_kind() {
    let latin = b"name,email\nAna,ana@example.org\nZo\xEB,zoe@example.org\n";
    assert_eq!(refused(latin), PeopleFileError::NotUtf8 { line: 3 });
    assert_eq!(refused(b"name,email\r\nA\0na,x\r\n"), PeopleFileError::Nul { line: 2 });
    assert_eq!(refused(b"\xFF\xFEn\0a\0"), PeopleFileError::Utf16);
    assert_eq!(refused(b"PK\x03\x04rest"), PeopleFileError::Spreadsheet);
    assert_eq!(refused(b" \r\n \n"), PeopleFileError::Empty);
    assert_eq!(refused(b"Ana,ana@example.org\n"), PeopleFileError::NoHeader);
    assert_eq!(refused(b"name;role\nAna;member\n"), PeopleFileError::NoEmailColumn);
    assert_eq!(refused(b"email,Name,E-mail\n"), PeopleFileError::HeadingTwice { heading: "E-mail".into() });
}

#[test]
fn an_unclosed_quote_is_named_by_the_line_it_was_opened_in() {
    for text in [
        "name,email\nAna,a@example.org\n\"Bo,b@example.org\nCy,c@example.org\n",
        "name,email\nAna,a@example.org\n\"Bo,b@example.org\n\"Cy\",c@example.org\n",
    ] {
        assert_eq!(refused(text.as_bytes()), PeopleFileError::UnclosedQuote { line: 3 });
    }
    let long = format!("name,email\n\"Bo,b@example.org\n{}", "Cy,c@example.org\n".repeat(10_000));
    assert_eq!(refused(long.as_bytes()), PeopleFileError::UnclosedQuote { line: 2 });
    assert_eq!(refused(b"name,email\n\"Bo\" B,b@example.org\n"), PeopleFileError::TextAfterQuote { line: 2 });
}

#[test]
fn the_caps_hold() {
    let mut line = b"name,email\n".to_vec();
    line.resize(MAX_BYTES, b'x');
    assert_eq!(refused(&line), PeopleFileError::LineTooLong { line: 2 });
    line.push(b'x');
    assert_eq!(refused(&line), PeopleFileError::TooLarge);
    let rows = |count: usize| format!("email\n{}", "a@example.org\n".repeat(count));
    assert_eq!(file(&rows(MAX_ROWS)).rows.len(), MAX_ROWS);
    assert_eq!(refused(rows(MAX_ROWS + 1).as_bytes()), PeopleFileError::TooManyRows);
}
