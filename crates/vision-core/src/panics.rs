//! Panics that somebody has an answer to.
//!
//! Files come from anywhere, and a large parser of somebody else's format may hold a case that its authors did not
//! meet. A caller of one says so here: it gets `None` for an answer, and the program's panic hook can tell such a
//! panic from a mistake that should be reported.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives, or `None` if it panicked. Nothing that it may have left half done must be used after that.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    outcome.ok()
}

/// Whether a panic of this thread would end in [`caught`]: for panic hooks.
pub fn is_caught() -> bool {
    CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use super::{caught, is_caught};

    #[test]
    fn a_panic_is_no_answer_and_leaves_no_trace() {
        assert_eq!(caught(|| 1), Some(1));
        let seen = caught(|| {
            assert_eq!(caught(|| -> u8 { panic!("of the inner one") }), None);
            is_caught()
        });
        assert_eq!(seen, Some(true), "the outer one still stands");
        assert!(!is_caught());
    }
}
