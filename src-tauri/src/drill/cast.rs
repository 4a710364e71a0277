//! Who plays in a drill. None of them exists; some names are near to others, as in any list of people.

use authority::sample::{Arrival, Figure};
use wire::{drill::DrillCall, people::RoleName, window::Language};

/// The people of a sample workspace.
pub(super) struct Cast {
    pub(super) owner: (&'static str, &'static str),
    pub(super) staff: (&'static str, &'static str),
    pub(super) figures: &'static [Figure],
}

pub(super) fn of(language: Language) -> Cast {
    match language {
        Language::En => Cast {
            owner: ("Ruth Okafor", "ruth.okafor@harbour.example"),
            staff: ("Sam Whitfield", "sam.whitfield@harbour.example"),
            figures: ENGLISH,
        },
        Language::Fr => Cast {
            owner: ("Claire Aubert", "claire.aubert@port.example"),
            staff: ("Camille Roche", "camille.roche@port.example"),
            figures: FRENCH,
        },
    }
}

/// The place of the one who calls, among the figures of either cast.
pub(super) fn caller(call: DrillCall) -> usize {
    match call {
        DrillCall::Locked => 0,
        DrillCall::LostPhone => 1,
        DrillCall::Administrator => 2,
        DrillCall::Stranger => 3,
    }
}

const fn figure(name: &'static str, email: &'static str, elsewhere: bool, arrival: Arrival) -> Figure {
    Figure { name, email, elsewhere, role: RoleName::Member, arrival }
}

const fn administrator(name: &'static str, email: &'static str) -> Figure {
    Figure { name, email, elsewhere: false, role: RoleName::Administrator, arrival: Arrival::Enrolled }
}

const ENGLISH: &[Figure] = &[
    figure("Ines Moreau", "ines.moreau@harbour.example", false, Arrival::Password),
    figure("Daniel Hart", "daniel.hart@harbour.example", false, Arrival::Password),
    administrator("Helen Castle", "helen.castle@harbour.example"),
    figure("Victor Lane", "victor.lane@harbour.example", true, Arrival::Password),
    figure("Danielle Hartley", "danielle.hartley@harbour.example", true, Arrival::Password),
    figure("Ines Morell", "ines.morell@harbour.example", false, Arrival::Invited),
    figure("Tomas Berg", "tomas.berg@harbour.example", true, Arrival::Invited),
    figure("Amara Diallo", "amara.diallo@harbour.example", false, Arrival::Enrolled),
    figure("Li Wei", "li.wei@harbour.example", true, Arrival::Invited),
    figure("Oskar Lind", "oskar.lind@harbour.example", true, Arrival::Password),
    figure("Priya Nair", "priya.nair@harbour.example", false, Arrival::Invited),
];

const FRENCH: &[Figure] = &[
    figure("Inès Moreau", "ines.moreau@port.example", false, Arrival::Password),
    figure("Daniel Hardy", "daniel.hardy@port.example", false, Arrival::Password),
    administrator("Hélène Castel", "helene.castel@port.example"),
    figure("Victor Lanier", "victor.lanier@port.example", true, Arrival::Password),
    figure("Danielle Hardouin", "danielle.hardouin@port.example", true, Arrival::Password),
    figure("Inès Morel", "ines.morel@port.example", false, Arrival::Invited),
    figure("Thomas Berger", "thomas.berger@port.example", true, Arrival::Invited),
    figure("Amara Diallo", "amara.diallo@port.example", false, Arrival::Enrolled),
    figure("Li Wei", "li.wei@port.example", true, Arrival::Invited),
    figure("Oscar Lindet", "oscar.lindet@port.example", true, Arrival::Password),
    figure("Priya Nair", "priya.nair@port.example", false, Arrival::Invited),
];
