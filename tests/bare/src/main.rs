//! A Tauri window with nothing in it, for the bench to compare with.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
