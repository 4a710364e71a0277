//! Declares every command to Tauri, so that none can be called without a capability.

fn main() {
    let names: &'static [&'static str] = wire::commands::COMMANDS.iter().map(|command| command.name).collect::<Vec<_>>().leak();
    let manifest = tauri_build::AppManifest::new().commands(names);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).expect("the Tauri configuration is well-formed");
}
