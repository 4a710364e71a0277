//! The end of the process, while connections are still open.

use std::sync::Once;

/// Keeps the end of the process from pulling the library out from under its connections.
///
/// SQLCipher frees its heap and its locks when the process runs down, OpenSSL likewise; a connection is a thread, and one
/// that is closing at that moment would crash on what is gone. Nothing here needs tidying: a vault that was not closed is
/// a vault whose process died, and that loses nothing. So the process ends at once, with the status it was given.
pub(crate) fn outlive_connections() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Makes OpenSSL leave out its own handler, which would be registered later and so run first.
        openssl_sys::init();
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        at_once::register();
    });
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the only way to end with the status that was given, before the library's own end")]
mod at_once {
    use std::{
        ffi::{c_int, c_void},
        ptr,
    };

    unsafe extern "C" {
        fn on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
        fn _exit(status: c_int) -> !;
    }

    extern "C" fn end(status: c_int, _: *mut c_void) {
        // SAFETY: `_exit` takes any status and touches no memory of this process.
        unsafe { _exit(status) }
    }

    pub(super) fn register() {
        // The last handler to be registered runs first: the library registers its own here.
        // SAFETY: it may be called from any thread, any number of times.
        let failed = unsafe { libsqlite3_sys::sqlite3_initialize() };
        debug_assert_eq!(failed, 0, "the library does not start");
        // SAFETY: `end` reads nothing, so that it may be called at any time, with any argument.
        let refused = unsafe { on_exit(end, ptr::null_mut()) };
        debug_assert_eq!(refused, 0, "the process may end in the middle of closing a vault");
    }
}
