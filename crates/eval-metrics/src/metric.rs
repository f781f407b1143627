//! The field's metrics, one file each, with their formulas, sources and flaws.

pub mod anls;
pub mod anls_star;
pub mod calibration;
pub mod cer;
pub mod chartqa;
pub mod chartqapro;
pub mod classification;
pub mod deplot_rms;
mod donut;
pub mod donut_f1;
pub mod donut_ted;
pub mod exact_match;
pub mod extractbench;
pub mod kieval;
pub mod line_items;
pub mod omni_json;
pub mod omni_text;
pub mod rnss;
pub mod scrm;
pub mod squad;
pub mod sroie;
pub mod stickler;
pub mod string_similarity;
pub mod wer;
