//! Lets axe-core look at a page: WCAG 2.2 AA and its best practices, in both themes.

use sallyport_tests::{Error, Page, Result};
use serde_json::json;
use std::path::Path;

/// Reads the present page; what it finds is a sentence for each element.
const EXAMINE: &str = include_str!("examine.js");

pub(crate) fn examine(page: &Page) -> Result<Vec<String>> {
    if page.script("return typeof window.axe === 'object'", json!([]))? != true {
        page.script(&source()?, json!([]))?;
    }
    Ok(serde_json::from_value(page.script(EXAMINE, json!([]))?)?)
}

fn source() -> Result<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).map_err(|_| Error::said("axe-core is not installed: run `npm ci` in tests/ui."))
}
