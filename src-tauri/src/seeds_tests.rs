use super::*;
use secrecy::ExposeSecret;

const LINK: &[u8] =
    b"otpauth://totp/ACME:ana@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME\notpauth://steam/x?secret=AA\n";

fn held(origin: TokenOrigin) -> Held {
    let mut held = Held::begin(Uuid::from_u128(1), origin);
    let file = intake::read(LINK, None).expect("links");
    held.add(HeldFile { name: "links.txt".into(), state: FileState::read(file, origin) });
    held
}

fn blank() -> SeedDesk {
    SeedDesk { stocks: Vec::new(), stocks_workspace: false, files: Vec::new(), parts: Vec::new(), added: 0, assigned: 0, left_out: 0 }
}

#[test]
fn ten_minutes_untouched_and_the_secrets_are_gone() {
    let seeds = Seeds::default();
    let by = Uuid::from_u128(1);
    let (leave, _) = seeds.take(by, TokenOrigin::Brought, 100);
    seeds.put(leave, held(TokenOrigin::Brought), 100);
    assert!(seeds.with(by, 100 + KEPT - 1, |_| ()).is_some());
    assert!(seeds.with(by, 100 + 2 * KEPT - 2, |_| ()).is_some(), "touching it begins anew");
    seeds.look(100 + 3 * KEPT);
    assert!(seeds.inner().held.is_none());
}

#[test]
fn a_clock_set_back_wipes_too() {
    let seeds = Seeds::default();
    let (leave, _) = seeds.take(Uuid::from_u128(1), TokenOrigin::Brought, 1_000);
    seeds.put(leave, held(TokenOrigin::Brought), 1_000);
    seeds.look(999);
    assert!(seeds.inner().held.is_none());
}

#[test]
fn what_is_being_read_while_the_desk_is_wiped_is_not_put_back() {
    let seeds = Seeds::default();
    let (leave, _) = seeds.take(Uuid::from_u128(1), TokenOrigin::Brought, 0);
    seeds.wipe();
    seeds.put(leave, held(TokenOrigin::Brought), 0);
    assert!(seeds.inner().held.is_none());
}

#[test]
fn nobody_else_and_no_other_desk_gets_it() {
    let seeds = Seeds::default();
    let by = Uuid::from_u128(1);
    let put = || {
        let (leave, _) = seeds.take(by, TokenOrigin::Brought, 0);
        seeds.put(leave, held(TokenOrigin::Brought), 0);
    };
    put();
    assert!(seeds.with(Uuid::from_u128(2), 0, |_| ()).is_none());
    assert!(seeds.take(Uuid::from_u128(2), TokenOrigin::Brought, 0).1.files.is_empty());
    put();
    assert!(seeds.take(by, TokenOrigin::Hardware, 0).1.files.is_empty());
}

#[test]
fn an_address_is_a_holder_of_a_token_and_part_of_the_name_of_ones_own() {
    let hardware = held(TokenOrigin::Hardware).rows().remove(0);
    assert_eq!((hardware.holder.as_deref(), hardware.label.as_deref()), (Some("ana@example.org"), None));
    let brought = held(TokenOrigin::Brought).rows().remove(0);
    assert_eq!((brought.holder.as_deref(), brought.label.as_deref()), (None, Some("ACME: ana@example.org")));
    assert_eq!(brought.secret.expose_secret(), b"12345678901234567890");
}

#[test]
fn the_page_is_given_names_and_no_secret() {
    let held = held(TokenOrigin::Brought);
    let rows = held.slice(0);
    let said = format!("{rows:?} {:?} {held:?}", held.desk(blank()));
    assert_eq!((rows.total, rows.rows.len()), (2, 2));
    assert_eq!(rows.rows[1].problem, Some(SeedProblem::OtherKind));
    assert_eq!(rows.rows[1].detail.as_deref(), Some("steam"));
    assert!(!said.contains("GEZDGNBV") && !said.contains("49, 50, 51"), "{said}");
    assert!(held.slice(2).rows.is_empty());
}

#[test]
fn an_export_in_parts_says_how_far_it_is_read_and_takes_no_part_twice() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/intake");
    let mut held = Held::begin(Uuid::from_u128(1), TokenOrigin::Brought);
    for (name, read, files) in
        [("migration-1-of-3.png", 1, 1), ("migration-3-of-3.png", 2, 2), ("migration-1-of-3.png", 2, 3), ("migration-2-of-3.png", 3, 4)]
    {
        let file = intake::read(&std::fs::read(folder.join(name)).expect("a picture"), None).expect("it reads");
        held.add(HeldFile { name: name.into(), state: FileState::read(file, TokenOrigin::Brought) });
        let desk = held.desk(blank());
        assert_eq!(desk.parts.iter().map(|part| (part.read, part.size)).collect::<Vec<_>>(), [(read, 3)]);
        assert_eq!(desk.files.len(), files);
    }
    assert_eq!(held.desk(blank()).files[2].fault, Some(SeedFault::Again));
    assert_eq!(held.rows().len(), 4);
}
