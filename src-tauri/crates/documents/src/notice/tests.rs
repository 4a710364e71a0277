use super::*;
use crate::paper::read;

const KINDS: [NoticeKind; 30] = {
    use NoticeKind::*;
    [
        FactorReset,
        FactorEnabled,
        FactorDisabled,
        BackupCodesRenewed,
        BackupCodesFew,
        BackupCodesVoid,
        PasswordChanged,
        PasswordCodeIssued,
        PasswordCode,
        Invitation,
        RecoveryCodeUsed,
        KitUsed,
        OwnerRecovered,
        Unlocked,
        RolesChanged,
        Deactivated,
        Reactivated,
        SignedOutEverywhere,
        AuthenticatorAdded,
        AuthenticatorRemoved,
        TokenAssigned,
        EmailChanged,
        SecondEmailSet,
        SecondEmailRemoved,
        ReportedNotMe,
        DevicePaired,
        OfflineCodeUsed,
        OfflineCodeRepeated,
        DeviceLost,
        Test,
    ]
};
const LANGUAGES: [Language; 2] = [Language::En, Language::Fr];
const CODE: &str = "P7K2M-9XQ4T-B8DWH-3NPZC-V5J0E";
const REPORT: &str = "N4T9W-0ABCD-EFGHJ";
const ADA: Person<'_> = Person { name: "Ada Lovelace", email: "ada@example.org" };
/// What would break out of a header, a page or a line.
const HOSTILE: &str = "<script>alert(1)</script>\r\nBcc: eve@example.org\r\n\r\n\"&'\u{202e}<b";

struct Given {
    words: BTreeMap<String, String>,
    code: SecretString,
    report: SecretString,
}

fn given(word: &str) -> Given {
    let words = [("name", word), ("email", word), ("by", word), ("device", word), ("left", "3")]
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .into();
    Given { words, code: CODE.into(), report: REPORT.into() }
}

/// Of a kind that carries a code, that code; of any other, the one that answers it.
fn notice<'a>(language: Language, kind: NoticeKind, person: Person<'a>, workspace: &'a str, given: &'a Given) -> Notice<'a> {
    let carries = matches!(kind, NoticeKind::PasswordCode | NoticeKind::Invitation);
    let code = |code, shown: bool| shown.then_some(Code { code, until: "29 July 2026, 14:05" });
    Notice {
        language,
        kind,
        workspace,
        person,
        at: "28 July 2026, 14:05",
        words: &given.words,
        code: code(&given.code, carries),
        report: code(&given.report, !carries),
        contact: Some("desk@example.org"),
    }
}

fn everywhere(check: impl Fn(Language, NoticeKind)) {
    for language in LANGUAGES {
        for kind in KINDS {
            check(language, kind);
        }
    }
}

/// What a reader of the page sees, word by word.
fn read_page(html: &str) -> Vec<String> {
    let body = html.split_once("<main>").expect("a page").1;
    let mut text = String::new();
    let mut inside = false;
    for symbol in body.chars() {
        match symbol {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(symbol),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (entity, symbol)| text.replace(entity, symbol));
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_text_says_all_that_the_page_says_and_each_code_once() {
    everywhere(|language, kind| {
        let given = given("My phone");
        let notice = notice(language, kind, ADA, "Réseau Nord", &given);
        let (text, html) = (notice.text(), notice.html());
        let (text, html) = (text.expose_secret(), html.expose_secret());
        // The page has the subject as its heading, and no colon where the text needs one; the text numbers its steps.
        let plain = |word: &str| word.trim_end_matches(':').trim_end_matches('\u{a0}').to_owned();
        let words = |all: Vec<String>| -> Vec<String> { all.iter().map(|word| plain(word)).filter(|word| !word.is_empty()).collect() };
        let text_words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        for word in words(read_page(html)) {
            let heading = notice.subject();
            assert!(
                words(text_words.clone()).contains(&word) || heading.contains(&word),
                "{language:?} {kind:?}: {word} is missing in\n{text}"
            );
        }
        for code in [CODE, REPORT] {
            let expected = usize::from((code == CODE) == notice.code.is_some());
            assert_eq!(text.matches(code).count(), expected, "{kind:?}");
            assert_eq!(html.matches(code).count(), expected, "{kind:?}");
            assert!(!notice.subject().contains(code), "{kind:?}");
        }
        assert!(text.contains("28 July 2026, 14:05") && text.contains("Ada Lovelace") && text.contains("desk@example.org"), "{text}");
        let long = text.lines().find(|line| line.chars().count() > 72);
        assert_eq!(long, None, "{kind:?}");
    });
}

#[test]
fn the_page_loads_nothing_runs_nothing_and_links_nowhere() {
    everywhere(|language, kind| {
        let given = given(HOSTILE);
        let html = notice(language, kind, Person { name: HOSTILE, email: "ada@example.org" }, HOSTILE, &given).html();
        let html = html.expose_secret().to_lowercase();
        for forbidden in [
            "<script", "<img", "<link", "<a ", "<iframe", "<form", "<base", "src=", "href=", "http", "//", "url(", "@import", "onload",
            "<b\n", "\u{202e}",
        ] {
            assert!(!html.contains(forbidden), "{language:?} {kind:?}: {forbidden:?} in {html}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
        assert_eq!(html.matches("<style>").count(), 1);
    });
}

#[test]
fn no_name_breaks_out_of_its_line() {
    everywhere(|language, kind| {
        let given = given(HOSTILE);
        let notice = notice(language, kind, Person { name: HOSTILE, email: "ada@example.org" }, HOSTILE, &given);
        assert!(!notice.subject().contains(['\r', '\n', '\u{202e}']), "{:?}", notice.subject());
        let text = notice.text();
        assert!(!text.expose_secret().contains(['\r', '\u{202e}']), "{}", text.expose_secret());
    });
    assert_eq!(one_line("Ada\r\nBcc: eve@example.org\u{0}"), "Ada Bcc: eve@example.org");
}

#[test]
fn french_keeps_its_marks_with_their_words() {
    for kind in KINDS {
        let given = given("Mon téléphone");
        let notice = notice(Language::Fr, kind, ADA, "Réseau Nord", &given);
        let text = format!("{}\n{}", notice.subject(), notice.text().expose_secret());
        let text = text.replace("UTC+", "").replace("14:05", "");
        let mut before = ' ';
        for (number, symbol) in text.char_indices() {
            if matches!(symbol, ':' | ';' | '?' | '!' | '»') {
                assert_eq!(before, '\u{a0}', "{kind:?}: {:?}", text[..number].lines().last());
            }
            assert!(before != '«' || symbol == '\u{a0}', "{kind:?}: {:?}", text[..number].lines().last());
            assert!(symbol != '\'', "{kind:?}: a straight apostrophe");
            before = symbol;
        }
    }
}

#[test]
fn every_button_that_a_notice_names_is_on_the_screen() {
    for (language, file, open, close) in [(Language::En, "en", "“", "”"), (Language::Fr, "fr", "«\u{a0}", "\u{a0}»")] {
        let path = format!("{}/../../../ui/locales/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let catalogue = std::fs::read_to_string(&path).expect("the catalogue");
        let mut named = 0;
        for kind in KINDS {
            // Without words of its own: what is quoted is a label then.
            let given = Given { words: BTreeMap::new(), ..given("") };
            let text = notice(language, kind, ADA, "Acme", &given).html();
            for quoted in text.expose_secret().split(open).skip(1).filter_map(|rest| rest.split_once(close)) {
                named += 1;
                assert!(catalogue.contains(&format!(": \"{}\"", quoted.0)), "{language:?} {kind:?}: nothing is called {:?}", quoted.0);
            }
        }
        assert!(named > 20, "{named}");
    }
}

#[test]
fn the_number_of_codes_left_is_said_in_words_that_fit_it() {
    for (left, english, french) in [
        ("0", "You have no backup code left.", "aucun code de secours"),
        ("1", "one backup code left", "un code de secours."),
        ("3", "You have 3 backup codes left.", "3 codes de secours."),
        ("", "few backup codes left", "peu de codes de secours"),
    ] {
        let given = Given { words: [("left".to_owned(), left.to_owned())].into(), ..given("") };
        for (language, expected) in LANGUAGES.into_iter().zip([english, french]) {
            let text = notice(language, NoticeKind::BackupCodesFew, ADA, "Acme", &given).text();
            let text = text.expose_secret().replace('\n', " ");
            assert!(text.contains(expected), "{text}");
        }
    }
}

#[test]
fn whomever_a_lost_desktop_concerns_is_told_why_and_that_it_lets_nobody_in() {
    for (language, taken_back) in LANGUAGES.into_iter().zip(["It was taken back", "Il a été révoqué"]) {
        let said = ["staff", "issued", "administers"].map(|to| {
            let mut given = given("Quay");
            given.words.insert("to".into(), to.into());
            let notice = notice(language, NoticeKind::DeviceLost, ADA, "Acme", &given);
            read::nothing_overlaps(&notice.letter().expect("a letter"));
            let text = notice.text();
            assert!(text.expose_secret().lines().all(|line| line.chars().count() <= 72), "{to}");
            text.expose_secret().replace('\n', " ")
        });
        assert!(said.iter().all(|text| text.contains("Quay") && text.contains(taken_back)), "{said:?}");
        assert!(said[0] != said[1] && said[1] != said[2] && said[0] != said[2], "each in words of their own");
    }
}

#[test]
fn every_notice_is_a_letter_of_one_page_whatever_the_names() {
    let long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(7);
    everywhere(|language, kind| {
        for name in ["Ada Lovelace", "Ada 👩‍💻", &long] {
            let given = given(name);
            let notice = notice(language, kind, Person { name, email: "ada@example.org" }, name, &given);
            let file = notice.letter().expect("a letter");
            let said = read::text(&file);
            read::nothing_overlaps(&file);
            if name == "Ada Lovelace" {
                let title = notice.subject();
                let title = title.rsplit_once(" – ").expect("the workspace stands behind").0;
                read::is_sound(&file, title);
                assert!(said.contains("Ada Lovelace\nada@example.org"), "{said}");
            }
            let code = if notice.code.is_some() { CODE } else { REPORT };
            assert_eq!(said.lines().filter(|line| *line == code).count(), 1, "{kind:?}: {said}");
        }
    });
}

#[test]
fn a_letter_without_a_way_to_answer_says_whom_to_call() {
    let given = given("");
    let notice = Notice { report: None, contact: None, ..notice(Language::En, NoticeKind::PasswordChanged, ADA, "Acme", &given) };
    let said = read::text(&notice.letter().expect("a letter"));
    assert!(said.contains("If this was not you\nCall your administrator at once"), "{said}");
    assert!(!said.contains("type this code"), "{said}");
    let bad = Code { code: &"not a code!".into(), until: "" };
    assert_eq!(Notice { report: Some(bad), ..notice }.letter().unwrap_err(), PaperError::Code);
}
