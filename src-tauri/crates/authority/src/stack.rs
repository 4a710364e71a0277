//! What ciphers and hashes leave on the stack.

use std::hint::black_box;

use zeroize::Zeroizing;

/// More than any cipher or hash here takes, built without optimisation too.
const DEPTH: usize = 32 * 1024;

/// Does a piece of work with a secret, and wipes the stack that it used: the libraries wipe what they hold, but not the
/// blocks that they passed from one function to the next, and a thread that then waits would keep them as long as it lives.
pub fn wiping_stack<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

// A frame of its own, so that what the work used lies where `wipe` lies after it.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    // Words: it is wiped by one store for each, which none may leave out.
    let mut used = Zeroizing::new([0_u64; DEPTH / size_of::<u64>()]);
    black_box(&mut *used);
}
