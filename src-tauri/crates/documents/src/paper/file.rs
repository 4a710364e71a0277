//! The file around the page (ISO 32000-1). Equal pages give equal bytes: nothing in it says when or where it was made.

use pdf_writer::{
    Finish, Name, Pdf, Rect, Ref, Settings, TextStr,
    types::{CidFontType, FontFlags, StructRole},
};
use secrecy::SecretSlice;
use zeroize::Zeroizing;

use super::{
    PAGE, PaperError,
    face::{Face, SYSTEM, Style},
    page::{Drawn, Page, STAMP},
};

/// How long a file may get besides its page and its fonts: objects, widths, tags.
const ROOM: usize = 64 * 1024;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const THE_PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const TAGS: Ref = Ref::new(6);
const DOCUMENT: Ref = Ref::new(7);
const TAGS_OF_PAGE: Ref = Ref::new(8);
const THE_STAMP: Ref = Ref::new(9);
/// Where the objects of the fonts begin, [`FONT_OBJECTS`] for each.
const FONTS: i32 = 10;
const FONT_OBJECTS: i32 = 5;
/// Where the elements of the tag tree begin.
const ELEMENTS: i32 = FONTS + 3 * FONT_OBJECTS;

impl Page {
    /// The file. `language` is a tag of BCP 47; both it and the title can be read by whoever sees the file.
    pub(crate) fn into_file(mut self, title: &str, language: &str) -> Result<SecretSlice<u8>, PaperError> {
        let page = self.take()?;
        let fonts = Style::ALL.map(|style| page.faces[style as usize].subset());
        let [plain, bold, code] = fonts;
        let fonts = [plain?, bold?, code?];

        // Room for all of it, so that growing never leaves a copy behind.
        let room = ROOM
            + page.content.as_slice().len()
            + fonts.iter().map(Vec::len).sum::<usize>()
            + page.stamp.map_or(0, |(_, stamp)| stamp.len());
        let mut pdf = Pdf::with_settings_and_capacity(Settings { pretty: false }, room);
        catalog(&mut pdf, title, language);
        the_page(&mut pdf, &page);
        tags(&mut pdf, page.roles);
        for (style, data) in Style::ALL.into_iter().zip(&fonts) {
            let face = &page.faces[style as usize];
            if face.is_used() {
                font(&mut pdf, style, face, data);
            }
        }
        let file = Zeroizing::new(pdf.finish());
        debug_assert!(file.len() <= room, "the file outgrew its room, and left copies of what it holds");
        // A vector with room to spare would be moved when it becomes a slice, and its old place not wiped.
        Ok(SecretSlice::from(file.to_vec()))
    }
}

fn catalog(pdf: &mut Pdf, title: &str, language: &str) {
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr(language));
    catalog.mark_info().marked(true);
    catalog.viewer_preferences().display_doc_title(true);
    let mut tree = catalog.struct_tree_root();
    tree.child(DOCUMENT);
    tree.parent_tree().nums().insert(0, TAGS_OF_PAGE);
    tree.parent_tree_next_key(1);
    tree.finish();
    catalog.finish();
    pdf.document_info(INFO).title(TextStr(title));
}

fn the_page(pdf: &mut Pdf, drawn: &Drawn<'_>) {
    pdf.pages(PAGES).kids([THE_PAGE]).count(1);
    let mut page = pdf.page(THE_PAGE);
    page.parent(PAGES).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(CONTENT).struct_parents(0);
    let mut resources = page.resources();
    let mut fonts = resources.fonts();
    for style in Style::ALL {
        if drawn.faces[style as usize].is_used() {
            fonts.pair(style.resource(), font_object(style, 0));
        }
    }
    fonts.finish();
    if drawn.stamp.is_some() {
        resources.x_objects().pair(STAMP, THE_STAMP);
    }
    resources.finish();
    page.finish();
    pdf.stream(CONTENT, drawn.content.as_slice());
    if let Some((size, stamp)) = drawn.stamp {
        pdf.form_xobject(THE_STAMP, stamp.as_slice()).bbox(Rect::new(0.0, 0.0, size.0, size.1));
    }
}

/// One element for each mark, in reading order, all of them children of the document.
fn tags(pdf: &mut Pdf, roles: &[StructRole]) {
    let elements = || (ELEMENTS..).map(Ref::new).take(roles.len());
    let mut document = pdf.indirect(DOCUMENT).start::<pdf_writer::writers::StructElement<'_>>();
    document.kind(StructRole::Document).parent(TAGS);
    let mut children = document.children();
    for element in elements() {
        children.struct_element(element);
    }
    children.finish();
    document.finish();
    for ((element, role), mark) in elements().zip(roles).zip(0..) {
        let mut tag = pdf.indirect(element).start::<pdf_writer::writers::StructElement<'_>>();
        tag.kind(*role).parent(DOCUMENT).page(THE_PAGE);
        tag.children().marked_content_id(mark);
    }
    pdf.indirect(TAGS_OF_PAGE).array().items(elements());
}

fn font_object(style: Style, part: i32) -> Ref {
    Ref::new(FONTS + style as i32 * FONT_OBJECTS + part)
}

fn font(pdf: &mut Pdf, style: Style, face: &Face, data: &[u8]) {
    let [whole, cid, descriptor, file, to_unicode] = [0, 1, 2, 3, 4].map(|part| font_object(style, part));
    let name = face.subset_name();
    let name = Name(name.as_bytes());

    pdf.type0_font(whole).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(to_unicode);

    let mut part = pdf.cid_font(cid);
    part.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
    part.cid_to_gid_map_predefined(Name(b"Identity")).widths().consecutive(1, face.widths());
    part.finish();

    let metrics = &face.metrics;
    let scaled = |units: f32| face.in_thousandths(units);
    let bounds = metrics.bounds.unwrap_or_default();
    let pitch = if style == Style::Code { FontFlags::FIXED_PITCH } else { FontFlags::empty() };
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC | pitch)
        .bbox(Rect::new(scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max)))
        .italic_angle(0.0)
        .ascent(scaled(metrics.ascent))
        .descent(scaled(metrics.descent))
        .cap_height(scaled(metrics.cap_height.unwrap_or(metrics.ascent)))
        // No font says how thick its stems are; this is what the eye says.
        .stem_v(if style == Style::Plain { 80.0 } else { 140.0 })
        .font_file2(file);
    pdf.stream(file, data).pair(Name(b"Length1"), data.len() as i32);
    pdf.stream(to_unicode, face.to_unicode().as_slice());
}
