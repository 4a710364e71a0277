//! Devices are paired with servers: in a local workspace nobody is, whoever asks.

use authority::{Drawing, System};
use domain::code::{Code, Kind};
use wire::{
    RefusalCode,
    device::{InviteDevice, ListDevices, PairDevice, ReadLostDevice, RevokeDevice, TellLostDevice},
    people::RoleName,
    proof::Proof,
};

use crate::played::{PASSWORD, Played, secret};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_local_workspace_pairs_nobody() {
    let (played, owner) = Played::begin().await;
    let proof = || Proof { password: secret(PASSWORD), code: None };
    let invite = || InviteDevice { name: "Front desk".into(), proof: proof() };
    let refused = played.call(Some(&owner.session), invite()).await.expect_err("there is nothing to pair with");
    assert_eq!(refused.code, RefusalCode::OnlyOnServer);
    let refused = played.call(Some(&owner.session), ListDevices::default()).await.expect_err("there are none");
    assert_eq!(refused.code, RefusalCode::OnlyOnServer);
    let revoke = RevokeDevice { device: uuid::Uuid::from_u128(7), proof: proof() };
    let refused = played.call(Some(&owner.session), revoke).await.expect_err("there is no such device");
    assert_eq!(refused.code, RefusalCode::DeviceGone);
    let device = uuid::Uuid::from_u128(7);
    let refused = played.call(Some(&owner.session), ReadLostDevice { device, since: None }).await.expect_err("none is lost");
    assert_eq!(refused.code, RefusalCode::OnlyOnServer);
    let refused = played.call(Some(&owner.session), TellLostDevice { device }).await.expect_err("of none");
    assert_eq!(refused.code, RefusalCode::OnlyOnServer);
    let code = Code::random(Kind::Pairing, &mut Drawing(&System)).grouped();
    let key = data_encoding::BASE64.encode(&ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes());
    let refused = played.call(None, PairDevice { code, name: String::new(), key }).await.expect_err("nobody is paired");
    assert_eq!(refused.code, RefusalCode::DeviceUnknown, "nothing of it was proved");

    let (_, other) = played.join(&owner, "mia@example.org", RoleName::Administrator).await;
    let refused = played.call(Some(&other.session), invite()).await.expect_err("not for administrators");
    assert_eq!(refused.code, RefusalCode::NotAllowed, "the gate comes first");
}
