//! What a page may not reach, whatever runs in it.

use crate::people::{Desk, found};
use sallyport_tests::{Page, Result, link};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

/// Calls a command as a script in the page would, and gives what comes back.
fn invoke(page: &Page, command: &str, request: Value) -> Result<String> {
    let body = "return window.__TAURI__.core.invoke(arguments[0], arguments[1])\
        .then((reply) => 'answered: ' + JSON.stringify(reply), (reason) => 'refused: ' + (reason?.code ?? reason))";
    let said = page.script(body, json!([command, { "request": request }]))?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}

#[test]
fn neither_window_reaches_the_commands_of_the_other_nor_any_of_the_framework() -> Result<()> {
    let desk = Desk::inside()?;
    // The witness: what the page may call does answer.
    assert!(invoke(&desk.main, "read_situation", json!({}))?.starts_with("answered"));
    let sheet = desk.renew_codes()?;
    for command in ["read_sheet", "copy_sheet", "verify_on_sheet", "save_sheet_as_text", "close_sheet"] {
        let said = invoke(&desk.main, command, json!({ "code": "123456" }))?;
        assert!(said.starts_with("refused") && said.contains("not allowed"), "{command} in the main window: {said}");
    }
    for command in ["list_people", "reset_second_factor", "open_vault", "search_journal", "sign_out"] {
        let said = invoke(&sheet, command, json!({}))?;
        assert!(said.starts_with("refused") && said.contains("not allowed"), "{command} on the sheet: {said}");
    }
    for command in
        ["plugin:dialog|open", "plugin:dialog|save", "plugin:window|create", "plugin:webview|create_webview_window", "plugin:path|resolve"]
    {
        for page in [&desk.main, &sheet] {
            let said = invoke(page, command, json!({}))?;
            assert!(said.starts_with("refused") && said.contains("not allowed"), "{command}: {said}");
        }
    }
    Ok(())
}

#[test]
fn a_page_opens_no_vault_of_another_profile() -> Result<()> {
    let desk = Desk::inside()?;
    let (other, _) = found(&desk.stage, "other", "Other Bank");
    let passphrase = crate::played::PASSPHRASE;
    let said = invoke(&desk.main, "open_vault", json!({ "id": other, "passphrase": passphrase }))?;
    assert_eq!(said, "refused: vault-missing");
    let path = format!("../../other/workspaces/{other}");
    let said = invoke(&desk.main, "open_vault", json!({ "id": path, "passphrase": passphrase }))?;
    assert!(said.starts_with("refused"), "{said}");
    let situation = invoke(&desk.main, "read_situation", json!({}))?;
    assert!(!situation.contains("Other Bank"), "{situation}");
    Ok(())
}

#[test]
fn a_page_cannot_talk_to_the_network_nor_run_what_it_was_not_shipped_with() -> Result<()> {
    let desk = Desk::at_the_door()?;
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    server.set_nonblocking(true)?;
    let said = desk.main.script(
        "const forbidden = [];\
         document.addEventListener('securitypolicyviolation', (event) => forbidden.push(event.effectiveDirective));\
         document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.ran = 1\">');\
         const script = document.createElement('script'); script.textContent = 'window.ran = 2'; document.body.append(script);\
         const image = new Image(); image.src = arguments[0] + 'picture';\
         return fetch(arguments[0]).then(() => 'answered', () => 'refused')\
             .then((fetched) => new Promise((done) => setTimeout(() => done([fetched, window.ran ?? 0, forbidden.sort().join()]), 300)))",
        json!([format!("http://{}/", server.local_addr()?)]),
    )?;
    assert_eq!(said, json!(["refused", 0, "connect-src,img-src,script-src-attr,script-src-elem"]));
    let visited = server.accept().map(|_| ()).map_err(|error| error.kind());
    assert_eq!(visited, Err(ErrorKind::WouldBlock), "the page reached a server");
    desk.sign_in()?;
    desk.main.see(link("Users"))
}
