//! The vault from outside: the contract of a store, every way of not opening, and what may not leak.

mod backup;
mod ending;
mod keyrings;
mod making;
mod opening;
mod places;
mod rotation;
mod secrecy;
mod slots;
mod unlocking;

mod contract {
    use std::sync::Arc;

    use crate::places::Place;

    async fn fresh() -> (Arc<vault::Vault>, Place) {
        let place = Place::new().await;
        (Arc::new(place.vault().await), place)
    }

    authority::contract_of_a_store!(fresh);
}
