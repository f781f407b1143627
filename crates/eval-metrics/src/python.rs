//! Python's ways with text and numbers, where a reference implementation relies on them.
//!
//! Most published metrics are Python programs, and their figures depend on what `float()` accepts, what `str()`
//! prints and what `strip()` strips. These functions do the same, so that the scores are the same.

mod float;
mod literal;
mod text;

pub(crate) use float::ascii_digits;
pub use float::parse_float;
pub(crate) use literal::parse_list;
pub use text::{float_text, scalar_text, squeeze, squeeze_lower, strip};
pub(crate) use text::{is_space, lines, push_squeezed_lower};
