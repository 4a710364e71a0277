//! A hardware token, from the file of its maker to the hand of its holder.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Result, button, dialog, heading, link, menuitem, named, row, textbox, witness};

const NAME: &str = "ACME 77-0042";
/// In Base32, as a person would copy it; the file holds the same bytes in Base64.
const SECRET: &str = "MJSWQ2LOMQQHI2DFEBZWKY3PNZSCA2DBOJRG65LSEBSG633SEEQQ";
/// RFC 6030, figure 2, with what this token does differently: eight digits of SHA-256, a new code every minute.
const BOX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">
  <KeyPackage>
    <DeviceInfo><Manufacturer>ACME</Manufacturer><SerialNo>77-0042</SerialNo></DeviceInfo>
    <Key Id="77-0042" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
      <Issuer>Harbour &amp; Sons</Issuer>
      <AlgorithmParameters><Suite>HMAC-SHA256</Suite><ResponseFormat Length="8" Encoding="DECIMAL"/></AlgorithmParameters>
      <Data>
        <Secret><PlainValue>YmVoaW5kIHRoZSBzZWNvbmQgaGFyYm91ciBkb29yISE=</PlainValue></Secret>
        <Time><PlainValue>0</PlainValue></Time>
        <TimeInterval><PlainValue>60</PlainValue></TimeInterval>
      </Data>
    </Key>
  </KeyPackage>
</KeyContainer>
"#;

/// What the token shows now.
fn shown_by_token(world: &World) -> Result<String> {
    witness::token_totp(SECRET, world.stage.clock()?.now())
}

/// The owner imports it and gives it to the member, whose codes of it open nothing until they have proved one; then they sign
/// in with it. Every code comes from another program.
pub(super) fn hardware_token(world: &World) -> Result<()> {
    let main = world.main()?;
    world.keep_secret("the secret of a hardware token", SECRET);
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    import(world)?;
    assign(world)?;
    session_menu(&main, "Sign out")?;

    password(world, &world.member)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &shown_by_token(world)?)?;
    main.see_text("has no codes of 8 digits")?;
    give_code(&main, &world.code(&world.member)?)?;
    main.see(link("Profile and security"))?;
    let proved = activate(world)?;

    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &proved)?;
    main.see_text("This code was already used")?;
    world.stage.clock()?.advance_seconds(60)?;
    give_code(&main, &shown_by_token(world)?)?;
    activity_says(&main, &format!("You activated the token {NAME}."))
}

fn import(world: &World) -> Result<()> {
    let (main, file) = (world.main()?, world.stage.folder().join("box.xml"));
    std::fs::write(&file, BOX)?;
    main.click(link("Tokens"))?;
    main.see_text("No tokens yet")?;
    main.click(link("Import tokens"))?;
    main.click(button("Choose files"))?;
    world.stage.screen().open_file(&file)?;
    main.see_text("1 token will be imported")?;
    if main.visible_text()?.contains(&SECRET[..8]) {
        return Err(Error::said("The secret of the token is on the page."));
    }
    main.click(button("Import 1 token"))?;
    let form = dialog("Import 1 token?");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Import 1 token").within(form))?;
    main.see_text("1 token imported")?;
    Ok(std::fs::remove_file(file)?)
}

fn assign(world: &World) -> Result<()> {
    let main = world.main()?;
    // The desk has links of its own with the names of these.
    main.click(link("Journal"))?;
    main.click(link("Tokens"))?;
    main.click(button(&format!("Actions for {NAME}")))?;
    main.click(menuitem("Assign a token"))?;
    let form = dialog("Assign a token");
    main.fill(named("searchbox", "Find the person by name or e-mail"), "marc")?;
    main.click(button(world.member.email).in_part().within(form.clone()))?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Assign a token").within(form.clone()))?;
    main.see_gone(form)?;
    main.see(row(world.member.name).in_part())?;
    main.see_text("Waits for a code")
}

/// Gives the code that was proved.
fn activate(world: &World) -> Result<String> {
    let main = world.main()?;
    open_profile(&main)?;
    main.click(button(&format!("Activate {NAME}")))?;
    let form = dialog("Activate your token");
    let code = shown_by_token(world)?;
    main.fill(textbox("Code of the token").within(form.clone()), &code)?;
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Activate").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_gone(button(&format!("Activate {NAME}")))?;
    main.see(button(&format!("Actions for {NAME}")))?;
    Ok(code)
}
