//! The suite that every store must pass.
//!
//! Each case is given a store of its own with nothing in it. [`contract_of_a_store!`](crate::contract_of_a_store)
//! makes a test of every case, so that no store can leave one out.

mod crowd;
mod desk;
mod devices;
mod erasure;
mod evidence;
mod ground;
mod issuers;
mod journal;
mod journal_search;
mod mail;
mod many;
mod moving;
mod operations;
mod people;
mod races;
mod records;
mod standing;
mod tokens;

pub use crowd::*;
pub use desk::*;
pub use devices::*;
pub use erasure::*;
pub use evidence::*;
pub use issuers::*;
pub use journal::*;
pub use journal_search::*;
pub use mail::*;
pub use many::*;
pub use moving::*;
pub use operations::*;
pub use people::*;
pub use races::*;
pub use records::*;
pub use standing::*;
pub use tokens::*;

/// Makes one test of every case. It is given the path of an `async fn() -> (Arc<impl Store>, G)`, where `G` is whatever
/// must be kept for as long as the store is used.
#[macro_export]
macro_rules! contract_of_a_store {
    ($fresh:path) => {
        $crate::contract_of_a_store! { $fresh:
            an_empty_store_has_nothing
            versions_begin_at_one_and_grow_with_every_write
            a_stale_version_is_refused_whole
            dead_counts_are_let_go
            absence_is_a_version_too
            a_record_that_is_gone_conflicts
            an_address_belongs_to_one_account
            sessions_end_alone_or_all_but_one
            of_two_commits_on_one_account_one_wins
            a_commit_that_nobody_waits_for_is_whole_or_nothing
            entries_are_numbered_without_gaps_under_eight_committers
            a_refused_commit_takes_no_number
            the_journal_is_filtered_by_person_and_community
            the_journal_gives_present_names
            the_journal_is_searched_by_everything_at_once
            a_search_stands_still_while_the_journal_grows
            the_tree_is_that_of_the_entries
            entries_are_given_as_they_are_kept
            checkpoints_are_given_newest_first
            a_thousand_people_of_one_name_are_paged_once_each
            a_search_means_what_is_typed
            people_of_communities_come_once_each
            lists_are_narrowed_by_role_and_state
            any_position_in_any_order_is_a_page_of_one_list
            who_waits_is_listed_as_locked
            a_list_never_shows_half_a_commit
            a_community_with_people_is_never_removed
            cases_and_requests_have_versions
            of_two_approvals_one_wins
            what_waits_is_bounded_by_communities
            a_person_is_erased_from_every_record
            of_an_erasure_and_another_commit_one_wins
            tokens_are_known_again
            tokens_are_listed_by_what_they_are
            notices_are_written_with_the_change_that_owes_them
            of_many_deliverers_one_claims
            what_waits_is_given_by_when_it_is_due
            the_outbox_is_bounded_by_communities
            reports_are_listed_while_they_wait
            a_removed_account_takes_its_notices_along
            many_records_are_written_as_they_would_be_one_by_one
            a_fault_in_the_middle_of_many_writes_nothing
            many_counts_are_named_as_one_is
            every_kind_is_given_as_it_is_kept
            parts_are_placed_once_and_in_order
            what_was_placed_is_what_was_kept
            an_arrival_is_emptied_until_it_has_arrived
            who_asks_is_read_with_all_that_surrounds_them
            a_commit_that_nobody_asks_about_is_as_any_other
            of_many_that_nobody_asks_about_one_wins
            many_at_once_have_each_their_own_verdict
            many_who_ask_at_once_are_each_told_of_their_own
            of_a_crowd_some_are_given_up
            devices_are_found_by_the_code_that_waits
            issuers_are_found_by_key_and_number_and_by_whose_they_are
            issuers_are_found_by_their_device
            a_number_is_given_to_one
            devices_are_listed_by_when_they_were_invited
            sessions_through_a_device_end_with_it
            no_session_outlives_its_device
            a_verdict_is_kept_with_the_place_of_its_entry
            of_two_operations_with_one_key_one_is_done
            verdicts_are_let_go_with_time_and_with_whoever_they_were_told
        }
    };
    ($fresh:path: $($case:ident)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let (store, _kept) = $fresh().await;
            $crate::contract::$case(&store).await;
        }
    )+};
}
