//! Memory that is wiped when it is given back, whoever gives it back.
//!
//! Our own secrets wipe themselves. This is for the copies that libraries make of them on their way: the body of a command
//! and what is read out of it, the answer as GLib holds it for the page, what the clipboard offers. Names are looked up in the
//! program before any library, so that its `free` and `realloc` are those of GTK, WebKit, SQLCipher and Rust alike. WebKit's
//! own heap is asked not to be one; the threads' stacks stay as they are.
#![allow(unsafe_code, reason = "the C library's own functions, replaced")]

use std::{
    ffi::{CStr, c_char, c_void},
    mem, ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn malloc_usable_size(block: *mut c_void) -> usize;
    fn explicit_bzero(block: *mut c_void, size: usize);
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

type Free = unsafe extern "C" fn(*mut c_void);
type Getenv = unsafe extern "C" fn(*const c_char) -> *mut c_char;
type Realloc = unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void;

/// Whoever would have been asked if this were not here: the C library, or an allocator that was put before it.
struct Next {
    name: &'static CStr,
    found: AtomicPtr<c_void>,
}

impl Next {
    const fn new(name: &'static CStr) -> Self {
        Self { name, found: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Nothing while it is being looked up: that may give back a block itself, the words of an earlier error.
    fn get(&self) -> Option<*mut c_void> {
        const RTLD_NEXT: *mut c_void = usize::MAX as *mut c_void;
        const LOOKING: *mut c_void = ptr::without_provenance_mut(1);
        let known = self.found.load(Ordering::Relaxed);
        if !known.is_null() {
            return (known != LOOKING).then_some(known);
        }
        // Two threads may look at once, and find the same.
        self.found.store(LOOKING, Ordering::Relaxed);
        // SAFETY: the name ends in a zero.
        let found = unsafe { dlsym(RTLD_NEXT, self.name.as_ptr()) };
        self.found.store(found, Ordering::Relaxed);
        (!found.is_null()).then_some(found)
    }
}

static FREE: Next = Next::new(c"free");
static REALLOC: Next = Next::new(c"realloc");
static GETENV: Next = Next::new(c"getenv");

/// Gives a block back, wiped.
#[unsafe(no_mangle)]
extern "C" fn free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: the caller gives the block back, all of it. What was found by this name is of that type.
    unsafe {
        explicit_bzero(block, malloc_usable_size(block));
        if let Some(next) = FREE.get() {
            mem::transmute::<*mut c_void, Free>(next)(block);
        }
    }
}

/// Makes a block smaller or larger. What does not stay where it is goes through [`free`].
#[unsafe(no_mangle)]
extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    if block.is_null() {
        // SAFETY: any size may be asked for.
        return unsafe { malloc(size) };
    }
    // SAFETY: the block is the caller's, and is as large as is said. Past what it shall keep it is wiped before the next
    // `realloc` cuts that off; a larger one is new memory, so that both can be copied between.
    unsafe {
        let old = malloc_usable_size(block);
        if size <= old {
            explicit_bzero(block.cast::<u8>().add(size).cast(), old - size);
            let Some(next) = REALLOC.get() else { return block };
            return mem::transmute::<*mut c_void, Realloc>(next)(block, size);
        }
        let new = malloc(size);
        if !new.is_null() {
            block.cast::<u8>().copy_to_nonoverlapping(new.cast(), old);
            free(block);
        }
        new
    }
}

/// Tells WebKit to take its memory from the C library, where [`free`] is: it asks by this variable, once, before `main`. In
/// the environment itself the web processes would inherit it. They are faster with a heap of their own, and end with the page.
#[unsafe(no_mangle)]
extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: the caller's name ends in a zero. What was found by this name is of that type.
    unsafe {
        if CStr::from_ptr(name) == c"Malloc" {
            return c"1".as_ptr().cast_mut();
        }
        GETENV.get().map_or(ptr::null_mut(), |next| mem::transmute::<*mut c_void, Getenv>(next)(name))
    }
}
