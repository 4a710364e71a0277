use uuid::Uuid;

use super::*;
use crate::{
    gate::Role,
    policy::{Policy, Tightening},
    testing::*,
};

const SOUTH: CommunityId = CommunityId(Uuid::from_u128(2));

fn client(number: u8, name: &str, realms: Realms) -> Client {
    let id = ClientId(Uuid::from_u128(number.into()));
    Client { id, name: Name::read(name).expect("a name"), key: Opaque([number; 32]), realms, made_at: NOW, used_at: None }
}

fn communities() -> Vec<Community> {
    let named = |id, text: &str| Community { id, name: Name::read(text).expect("a name"), tightening: Tightening::default() };
    vec![named(COMMUNITY, "North"), named(SOUTH, "South")]
}

fn after(decision: &Decision<()>) -> Workspace {
    let written = decision.changes.iter().find_map(|change| if let Change::Workspace(workspace) = change { Some(workspace) } else { None });
    *written.cloned().expect("written")
}

#[test]
fn one_is_added_once_told_where_it_asks_and_removed() {
    let north = Realms::Communities(vec![COMMUNITY]);
    let added = add(workspace(Policy::default()), &communities(), client(1, "VPN", north));
    assert_eq!(added.verdict, Ok(()));
    assert_eq!((added.events[0].kind, added.events[0].communities.as_slice()), (EventKind::ClientAdded, &[COMMUNITY][..]));
    let held = after(&added);
    let again = add(held.clone(), &communities(), client(2, "vpn", Realms::Workspace));
    assert_eq!((again.verdict, again.changes.len()), (Err(Refusal::ClientNameTaken), 0));
    assert_eq!(remove(held.clone(), &communities(), "Proxy").verdict, Err(Refusal::ClientGone));
    for which in ["Vpn", &held.clients[0].id.to_string()] {
        let removed = remove(held.clone(), &communities(), which);
        assert_eq!((removed.verdict.clone(), after(&removed).clients.len()), (Ok(()), 0));
    }
}

#[test]
fn there_are_a_hundred_at_most() {
    let mut held = workspace(Policy::default());
    for number in 0..u8::try_from(CLIENTS).expect("few") {
        held = after(&add(held, &[], client(number, &format!("Client {number}"), Realms::Workspace)));
    }
    assert_eq!(add(held, &[], client(200, "One more", Realms::Workspace)).verdict, Err(Refusal::ClientsFull));
}

#[test]
fn a_client_asks_about_its_own_realms_and_no_other() {
    let (held, all) = (workspace(Policy::default()), communities());
    let everywhere = client(1, "All", Realms::Workspace);
    let north = client(2, "North", Realms::Communities(vec![COMMUNITY]));
    let of = |id| Some(Realms::Communities(vec![id]));
    for (asker, realm, expected) in [
        (&everywhere, "", Some(Realms::Workspace)),
        (&everywhere, "HARBOUR", Some(Realms::Workspace)),
        (&everywhere, " south ", of(SOUTH)),
        (&everywhere, "West", None),
        (&north, "", of(COMMUNITY)),
        (&north, "north", of(COMMUNITY)),
        (&north, &COMMUNITY.to_string(), of(COMMUNITY)),
        (&north, "South", None),
        (&north, &SOUTH.to_string(), None),
        (&north, "Harbour", None),
    ] {
        assert_eq!(asker.asks_about(realm, &held, &all), expected, "{realm}");
    }
    let mut alike = all.clone();
    alike[0].name = held.name.clone();
    assert_eq!(everywhere.asks_about("Harbour", &held, &alike), Some(Realms::Workspace), "the wider is meant by whoever has it");
    assert_eq!(north.asks_about("Harbour", &held, &alike), of(COMMUNITY), "and the narrower where that is all there is");
    let member = person(1, Some(Role::Member));
    assert!(Realms::Workspace.hold(&member) && north.realms.hold(&member));
    assert!(!Realms::Communities(vec![SOUTH]).hold(&member) && !Realms::Communities(Vec::new()).hold(&member));
    assert!(!north.realms.hold(&person(2, None)), "an owner is in no community by that");
}

#[test]
fn a_key_is_known_by_its_hash_alone() {
    let clients = [client(1, "One", Realms::Workspace), client(2, "Two", Realms::Workspace)];
    assert_eq!(Client::of_key(&clients, &Opaque([2; 32])).map(|client| client.id), Some(clients[1].id));
    assert!(Client::of_key(&clients, &Opaque([3; 32])).is_none());
}

#[test]
fn a_use_is_noted_once_a_day() {
    let mut held = workspace(Policy::default());
    held.clients.push(client(1, "VPN", Realms::Workspace));
    let id = held.clients[0].id;
    assert!(used(&held, ClientId(Uuid::from_u128(9)), NOW).is_none());
    let Some(Change::Workspace(noted)) = used(&held, id, NOW) else { panic!("not noted") };
    assert_eq!(noted.clients[0].used_at, Some(NOW));
    assert!(used(&noted, id, NOW.plus(GRAIN - 1)).is_none() && used(&noted, id, NOW.plus(-1)).is_none());
    assert!(used(&noted, id, NOW.plus(GRAIN)).is_some());
}

#[test]
fn workspaces_from_before_there_were_clients_have_none() {
    let mut text = serde_json::to_value(workspace(Policy::default())).expect("written");
    text.as_object_mut().expect("an object").remove("clients");
    let read: Workspace = serde_json::from_value(text).expect("read");
    assert!(read.clients.is_empty());
}
