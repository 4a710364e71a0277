//! A notice as one HTML page. It loads nothing, runs nothing, links nowhere, and says no more than the text.

use secrecy::{ExposeSecret, SecretString};

use super::Said;

/// Room for all of a notice, so that growing leaves no copy of a code behind.
const ROOM: usize = 32 * 1024;

/// Mail programs that drop it show plain black on white, or what they make of dark colours; nothing depends on it.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:24px 16px;background:#f4f5f7;color:#1c2430;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Ubuntu,sans-serif;overflow-wrap:anywhere}\
main{max-width:34rem;margin:0 auto;padding:28px 32px;background:#fff;border:1px solid #d9dde3;border-radius:10px}\
h1{margin:0 0 20px;font-size:22px;line-height:1.3}\
h2{margin:28px 0 8px;font-size:16px}\
p,ol{margin:0 0 14px}\
ol{padding-left:1.4em}\
li{margin-bottom:6px}\
.label{margin-bottom:4px;color:#55606f;font-size:14px}\
.code{padding:14px 16px;border:1px solid #b9c1cc;border-radius:8px;font:700 20px/1.5 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.04em}\
.wrong{margin-top:28px;padding-top:4px;border-top:1px solid #d9dde3}\
.wrong h2{margin-top:18px}\
.wrong .code{font-size:16px}\
footer{max-width:34rem;margin:16px auto 0;padding:0 32px;color:#55606f;font-size:13px}\
footer p{margin-bottom:4px}\
@media (prefers-color-scheme:dark){\
body{background:#14181e;color:#e6e9ee}\
main{background:#1d232b;border-color:#38424f}\
.label,footer{color:#a7b1be}\
.code{border-color:#55606f}\
.wrong{border-color:#38424f}}\
@media (max-width:480px){main{padding:20px 18px}footer{padding:0 18px}}";

pub(super) fn of(said: &Said) -> SecretString {
    let mut page = Page(String::with_capacity(ROOM));
    page.raw("<!DOCTYPE html>\n<html lang=\"");
    page.raw(said.language);
    page.raw("\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    // Phones would make links of codes and dates.
    page.raw("<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">\n");
    page.element("title", "", &said.subject);
    page.raw("<style>");
    page.raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n<main>\n");
    page.element("h1", "", &said.subject);
    page.element("p", "", &said.greeting);
    for words in &said.paragraphs {
        page.element("p", "", words);
    }
    if let Some(code) = &said.code {
        page.element("p", "label", &said.code_label);
        page.element("p", "code", code.expose_secret());
    }
    match said.steps.as_slice() {
        [] => {}
        [only] => page.element("p", "", only),
        steps => {
            page.raw("<ol>\n");
            for step in steps {
                page.element("li", "", step);
            }
            page.raw("</ol>\n");
        }
    }
    page.raw("<div class=\"wrong\">\n");
    page.element("h2", "", &said.wrong.heading);
    if let Some(words) = &said.wrong.before_code {
        page.element("p", "", words);
    }
    if let Some(code) = &said.report {
        page.element("p", "code", code.expose_secret());
    }
    for words in &said.wrong.after_code {
        page.element("p", "", words);
    }
    page.raw("</div>\n</main>\n<footer>\n");
    for words in &said.foot {
        page.element("p", "", words);
    }
    page.raw("</footer>\n</body>\n</html>\n");
    SecretString::from(page.0)
}

/// The page so far. Words go through [`Page::words`] alone, which leaves nothing in them that HTML would read.
struct Page(String);

impl Page {
    fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    fn element(&mut self, name: &'static str, class: &'static str, words: &str) {
        self.raw("<");
        self.raw(name);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
        self.words(words);
        self.raw("</");
        self.raw(name);
        self.raw(">\n");
    }

    fn words(&mut self, words: &str) {
        for symbol in words.chars() {
            match symbol {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                _ => self.0.push(symbol),
            }
        }
    }
}
