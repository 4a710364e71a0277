//! Settings → Workspace → Communities.

use uuid::Uuid;

use crate::Refusal;

shapes! {
    /// Every community of the workspace, by name.
    struct Communities {
        /// The rows.
        pub rows: Vec<CommunityRow>,
    }
    /// One community.
    struct CommunityRow {
        /// Which.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// How many people hold a role in it.
        pub people: u64,
        /// Why it cannot be removed; absent when it can.
        pub remove_refused: Option<Refusal>,
    }
}

requests! {
    /// Lists the communities.
    struct ListCommunities {}
    /// Makes a community.
    struct MakeCommunity {
        /// Its name.
        pub name: String,
    }
    /// Gives a community another name.
    struct RenameCommunity {
        /// Which.
        pub community: Uuid,
        /// The new name.
        pub name: String,
    }
    /// Removes an empty community.
    struct RemoveCommunity {
        /// Which.
        pub community: Uuid,
    }
}
