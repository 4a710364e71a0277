//! The two windows: the main one, and the sheet that shows a secret once.

use tauri::{
    AppHandle, Emitter, Manager, Theme as SystemTheme, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
    webview::{Color, PageLoadEvent},
};
use wire::window::{Language, SheetKind, Theme};

use crate::{catalogue::Catalogue, preferences::WindowSize, program::Program, sheet::SheetState};

const MAIN: &str = "main";
const SHEET: &str = "sheet";
const SITUATION_CHANGED: &str = "situation-changed";
const LINK_MOVED: &str = "link-moved";
const MAIL_MOVED: &str = "mail-moved";
const SHEET_CLOSE_REQUESTED: &str = "sheet-close-requested";
// The ground of ui/css/tokens.css.
const LIGHT: Color = Color(244, 246, 246, 255);
const DARK: Color = Color(20, 26, 26, 255);

/// Opens the main window. It stays hidden until its page has loaded, so that nothing white flashes.
pub(crate) fn open_main(app: &AppHandle) -> tauri::Result<()> {
    let program = app.state::<Program>();
    let size = program.preferences().window.within(room(app));
    program.sized(|now| *now = size);
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title(Catalogue::of(program.language()).text("app.title"))
        .inner_size(size.width, size.height)
        .min_inner_size(WindowSize::LEAST.0, WindowSize::LEAST.1)
        .maximized(size.maximised)
        .center()
        .visible(false)
        .data_directory(program.folders.web.clone())
        .background_color(background(&program))
        .theme(wanted_theme(&program))
        .on_page_load(show_when_loaded)
        .build()?;
    // The desktop may have answered meanwhile.
    colour(app);
    speak(app);
    Ok(())
}

/// How much room the screen has that the window will open on, in logical pixels.
fn room(app: &AppHandle) -> Option<(f64, f64)> {
    let monitor = app.primary_monitor().ok().flatten().or_else(|| app.available_monitors().ok()?.into_iter().next())?;
    let room = monitor.work_area().size.to_logical::<f64>(monitor.scale_factor());
    Some((room.width, room.height))
}

/// Opens the sheet over the main window, for what the program now holds for it.
pub(crate) fn open_sheet(app: &AppHandle, kind: SheetKind) -> tauri::Result<()> {
    let program = app.state::<Program>();
    let mut sheet = WebviewWindowBuilder::new(app, SHEET, WebviewUrl::App("sheet.html".into()))
        .title(sheet_title(&program, kind))
        .inner_size(640.0, 640.0)
        .min_inner_size(560.0, 560.0)
        .center()
        .visible(false)
        .data_directory(program.folders.web.clone())
        .background_color(background(&program))
        .theme(wanted_theme(&program))
        .on_page_load(show_when_loaded);
    if let Some(main) = app.get_webview_window(MAIN) {
        sheet = sheet.parent(&main)?;
    }
    sheet.build()?;
    colour(app);
    Ok(())
}

/// Names the sheet anew, when what it shows has changed.
pub(crate) fn retitle_sheet(app: &AppHandle, kind: SheetKind) {
    let title = sheet_title(&app.state::<Program>(), kind);
    if let Some(sheet) = app.get_webview_window(SHEET) {
        let _ = sheet.set_title(&title);
    }
}

fn sheet_title(program: &Program, kind: SheetKind) -> String {
    let key = match kind {
        SheetKind::Enrolment => "sheet.title.enrolment",
        SheetKind::BackupCodes => "sheet.title.backup-codes",
        SheetKind::Invitation => "sheet.title.invitation",
        SheetKind::Recovery => "sheet.title.recovery",
        SheetKind::RecoveryKit => "sheet.title.recovery-kit",
        SheetKind::Password => "sheet.title.password",
        SheetKind::Letter => "sheet.title.letter",
        SheetKind::Pairing => "sheet.title.pairing",
    };
    Catalogue::of(program.language()).text(key)
}

fn show_when_loaded(window: WebviewWindow, load: tauri::webview::PageLoadPayload<'_>) {
    if load.event() == PageLoadEvent::Finished {
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn background(program: &Program) -> Color {
    let dark = match program.preferences().theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => program.dark_desktop(),
    };
    if dark { DARK } else { LIGHT }
}

/// What is asked of the system; nothing where it shall have its own way.
fn wanted_theme(program: &Program) -> Option<SystemTheme> {
    match program.preferences().theme {
        Theme::System => program.dark_desktop().then_some(SystemTheme::Dark),
        Theme::Light => Some(SystemTheme::Light),
        Theme::Dark => Some(SystemTheme::Dark),
    }
}

/// Puts the chosen colours, or the desktop's, on the windows themselves.
pub(crate) fn colour(app: &AppHandle) {
    let program = app.state::<Program>();
    for (_, window) in app.webview_windows() {
        let _ = window.set_theme(wanted_theme(&program));
        let _ = window.set_background_color(Some(background(&program)));
    }
}

/// What WebKit draws by itself, such as the field for a day, follows the language of the window: otherwise it follows the C locale.
pub(crate) fn speak(app: &AppHandle) {
    let language = match app.state::<Program>().language() {
        Language::En => "en-GB",
        Language::Fr => "fr-FR",
    };
    let Some(main) = app.get_webview_window(MAIN) else { return };
    let spoken = main.with_webview(move |webview| {
        use webkit2gtk::{WebContextExt, WebViewExt};
        if let Some(context) = webview.inner().context() {
            context.set_preferred_languages(&[language]);
        }
    });
    if let Err(error) = spoken {
        tracing::warn!(%error, "the page was not told its language");
    }
}

/// Closes the main window as its close button would.
pub(crate) fn ask_to_close(app: &AppHandle) {
    if let Some(main) = app.get_webview_window(MAIN) {
        let _ = main.close();
    }
}

/// Brings the main window to the front: a second start of the same profile.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(main) = app.get_webview_window(MAIN) {
        let _ = main.unminimize();
        let _ = main.show();
        let _ = main.set_focus();
    }
}

/// Tells the main page to look again at where it stands.
pub(crate) fn situation_changed(app: &AppHandle) {
    let _ = app.emit_to(MAIN, SITUATION_CHANGED, ());
}

/// Tells the main page that the server is there again, or is not any more.
pub(crate) fn link_moved(app: &AppHandle) {
    let _ = app.emit_to(MAIN, LINK_MOVED, ());
}

/// Tells the main page that something in the outbox moved.
pub(crate) fn mail_moved(app: &AppHandle) {
    let _ = app.emit_to(MAIN, MAIL_MOVED, ());
}

/// Closes the sheet; its web process ends with it.
pub(crate) fn close_sheet(app: &AppHandle) {
    app.state::<Program>().with_sheet(|sheet| *sheet = None);
    if let Some(sheet) = app.get_webview_window(SHEET) {
        let _ = sheet.destroy();
    }
}

/// Ends the main page's web process, which remembers what it showed, and loads the page anew.
pub(crate) fn renew(app: &AppHandle) {
    close_sheet(app);
    let Some(main) = app.get_webview_window(MAIN) else { return };
    let renewed = main.with_webview(|webview| {
        use webkit2gtk::WebViewExt;
        let view = webview.inner();
        let page = view.uri().map(|uri| uri.split('#').next().unwrap_or_default().to_owned());
        view.terminate_web_process();
        if let Some(page) = page {
            view.load_uri(&page);
        }
    });
    if let Err(error) = renewed {
        tracing::error!(%error, "the page could not be loaded anew");
    }
}

/// Opens the system's print dialog over a window, and says whether Print was pressed.
#[cfg(target_os = "linux")]
pub(crate) async fn print(window: &WebviewWindow) -> tauri::Result<bool> {
    use gtk::prelude::{Cast, WidgetExt};
    use webkit2gtk::{PrintOperation, PrintOperationExt, PrintOperationResponse};
    let (answer, answered) = tokio::sync::oneshot::channel();
    window.with_webview(move |webview| {
        let view = webview.inner();
        let parent = view.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
        let response = PrintOperation::new(&view).run_dialog(parent.as_ref());
        let _ = answer.send(response == PrintOperationResponse::Print);
    })?;
    Ok(answered.await.unwrap_or(false))
}

/// Opens the system's print dialog over a window. What was pressed there is not told.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn print(window: &WebviewWindow) -> tauri::Result<bool> {
    window.print().map(|()| true)
}

/// Windows closing: unsaved backup codes ask first, and a closed sheet is looked after.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    let program = app.state::<Program>();
    match (window.label(), event) {
        (SHEET | MAIN, WindowEvent::CloseRequested { api, .. }) if holds_unsaved_codes(&program) => {
            api.prevent_close();
            if let Some(sheet) = app.get_webview_window(SHEET) {
                let _ = sheet.set_focus();
                let _ = sheet.emit(SHEET_CLOSE_REQUESTED, ());
            }
        }
        (SHEET, WindowEvent::Destroyed) => {
            program.with_sheet(|sheet| *sheet = None);
            situation_changed(app);
            if let Some(main) = app.get_webview_window(MAIN) {
                let _ = main.set_focus();
            }
        }
        (MAIN, WindowEvent::Resized(size)) => {
            let maximised = window.is_maximized().unwrap_or(false);
            let size = size.to_logical::<f64>(window.scale_factor().unwrap_or(1.0));
            program.sized(|now| {
                now.maximised = maximised;
                if !maximised {
                    (now.width, now.height) = (size.width, size.height);
                }
            });
        }
        (MAIN, WindowEvent::Destroyed) => app.exit(0),
        _ => {}
    }
}

fn holds_unsaved_codes(program: &Program) -> bool {
    program.with_sheet(|sheet| sheet.as_ref().is_some_and(SheetState::is_unkept))
}
