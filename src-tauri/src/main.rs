//! Sallyport's window: it carries words between the page and a workspace, and decides nothing itself.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod catalogue;
mod clipboard;
mod commands;
#[cfg(target_os = "linux")]
mod desktop;
mod drill;
mod files;
mod folders;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod freed;
mod imports;
mod licences;
mod log;
mod outbox;
mod papers;
mod place;
mod post;
mod preferences;
mod program;
mod read_back;
mod seeds;
mod sheet;
#[cfg(target_os = "linux")]
mod suspend;
mod watch;
mod window;
mod work;

use tauri::Manager;

use crate::{arguments::Arguments, folders::Folders, program::Program};

fn main() {
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => arguments::explain(&sentence),
    };
    prepare_webkit();
    let instance = format!("app.sallyport.{}", arguments.instance_name());
    let built = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new().dbus_id(instance).callback(|app, _arguments, _folder| window::raise(app)).build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .on_window_event(window::on_event)
        .setup(move |app| {
            let folders = Folders::of(app.handle(), arguments.profile.as_deref())?;
            log::begin(&folders)?;
            let program = Program::begin(folders, arguments.profile);
            app.manage(program);
            commands::backup::sweep(app.handle());
            vault::sweep(&app.state::<Program>().folders.drills);
            #[cfg(target_os = "linux")]
            desktop::begin(app.handle().clone());
            window::open_main(app.handle())?;
            watch::begin(app.handle().clone());
            #[cfg(target_os = "linux")]
            suspend::begin(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if let tauri::RunEvent::Exit = event {
                app.state::<Program>().keep_size();
                tauri::async_runtime::block_on(app.state::<Program>().close());
            }
        }),
        Err(error) => arguments::explain(&format!("Sallyport could not start: {error}.")),
    }
}

/// WebKit as this window needs it; whoever set one of the variables keeps their choice. The DMA-BUF renderer shows blank
/// windows on many drivers and takes longer to the first picture. The pages compute little: made into machine code, their
/// scripts are no quicker to the first screen, and take ten megabytes and memory that is written and then run.
#[allow(unsafe_code, reason = "no other thread runs yet")]
fn prepare_webkit() {
    for (name, value) in [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("JSC_useJIT", "0")] {
        if std::env::var_os(name).is_none() {
            // SAFETY: called first in `main`, before any thread is started.
            unsafe { std::env::set_var(name, value) };
        }
    }
}
