//! As much of XML as RFC 6030 needs: a tree of elements, read with every door closed that a stranger's XML can come through.

use crate::read::SeedFileError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use zeroize::Zeroizing;

const MAX_DEPTH: usize = 32;
const MAX_ELEMENTS: usize = 500_000;
const MAX_ATTRIBUTES: usize = 32;

/// An element, by its local name. Prefixes are the writer's choice, and no two names of RFC 6030 and of what it borrows
/// meet in one parent.
#[derive(Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: Zeroizing<String>,
    pub(super) children: Vec<Element>,
    pub(super) line: u64,
}

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }
}

/// The root of a document, which must be `root` in `namespace`.
///
/// A document type is refused whatever it says, and so is every entity but the five of XML itself and character
/// references: nothing expands, nothing is fetched.
pub(super) fn parse(text: &str, namespace: &str, root: &str) -> Result<Element, SeedFileError> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<Element> = Vec::new();
    let (mut elements, mut whole) = (0, None);
    loop {
        let position = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let damaged = |lines: &mut Lines<'_>| SeedFileError::Damaged { line: Some(lines.of(position)) };
        let (resolved, event) = reader.read_resolved_event().map_err(|_| damaged(&mut lines))?;
        match event {
            Event::DocType(_) => return Err(SeedFileError::DocumentType),
            Event::Start(ref start) | Event::Empty(ref start) => {
                let ours = matches!(resolved, ResolveResult::Bound(bound) if bound.as_ref() == namespace);
                elements += 1;
                if whole.is_some() || open.len() >= MAX_DEPTH || elements > MAX_ELEMENTS {
                    return Err(damaged(&mut lines));
                }
                let element = element(start, lines.of(position)).ok_or_else(|| damaged(&mut lines))?;
                if open.is_empty() && !(ours && element.name == root) {
                    return Err(SeedFileError::Unknown);
                }
                open.push(element);
                if matches!(event, Event::Empty(_)) {
                    close(&mut open, &mut whole);
                }
            }
            Event::End(_) => close(&mut open, &mut whole),
            Event::Text(text) => add(&mut open, &text.xml10_content()).ok_or_else(|| damaged(&mut lines))?,
            Event::CData(text) => add(&mut open, &text.xml10_content()).ok_or_else(|| damaged(&mut lines))?,
            Event::GeneralRef(reference) => {
                let named = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let mut bytes = [0; 4];
                let char = named.ok_or_else(|| damaged(&mut lines))?;
                add(&mut open, char.encode_utf8(&mut bytes)).ok_or_else(|| damaged(&mut lines))?;
            }
            Event::Eof => return whole.filter(|_| open.is_empty()).ok_or_else(|| damaged(&mut lines)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn element(start: &BytesStart<'_>, line: u64) -> Option<Element> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        if attributes.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Some(Element { name: start.local_name().as_ref().to_owned(), attributes, line, ..Element::default() })
}

fn close(open: &mut Vec<Element>, whole: &mut Option<Element>) {
    let Some(element) = open.pop() else { return };
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *whole = Some(element),
    }
}

// Text outside the root may only be white space. Grown by hand, so that no unwiped copy of a secret is left behind; by half of
// itself at least, so that a text in a million pieces is not copied a million times.
fn add(open: &mut [Element], text: &str) -> Option<()> {
    let Some(element) = open.last_mut() else { return text.trim().is_empty().then_some(()) };
    if element.text.is_empty() && text.trim().is_empty() {
        return Some(());
    }
    let length = element.text.len() + text.len();
    if length > element.text.capacity() {
        let mut longer = Zeroizing::new(String::with_capacity(length.max(element.text.len() * 3 / 2)));
        longer.push_str(&element.text);
        element.text = longer;
    }
    element.text.push_str(text);
    Some(())
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    // Positions only grow.
    fn of(&mut self, position: usize) -> u64 {
        let passed = self.text.as_bytes().get(self.at..position.min(self.text.len())).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(position.min(self.text.len()));
        self.line
    }
}
