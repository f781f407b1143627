use std::fs;

use super::*;
use crate::Kind;

fn documents(count: usize) -> impl Iterator<Item = (Setting, Document)> {
    (0..count).map(|index| {
        let mut rng = Rng::for_case("documents", 11, index);
        let setting = Setting::draw(&mut rng);
        let document = invent(index, &setting, &mut rng);
        (setting, document)
    })
}

#[test]
fn labelled_texts_stand_on_the_page() {
    for (setting, document) in documents(150) {
        // A paragraph may break anywhere, and a form shows no line break where a label has none.
        let text = document.page.text().replace('\n', " ");
        for field in ["number", "sender", "recipient", "subject"] {
            if let Some(value) = document.label[field].as_str() {
                assert!(text.contains(value), "{value:?} is not in {text}");
            }
        }
        assert!(text.contains(&setting.written(setting.date)), "{text}");
        for option in document.label["checked"].as_str().into_iter().flat_map(|checked| checked.split("; ")) {
            assert!(text.contains(option), "{option}");
        }
    }
}

#[test]
fn invoices_add_up_and_print_their_sums() {
    for (setting, document) in documents(150).filter(|(_, document)| document.kind == "invoice") {
        let cents = |field: &str| (document.label[field].as_f64().unwrap() * 100.0).round() as i64;
        assert_eq!(cents("subtotal") + cents("tax"), cents("total"));
        let text = document.page.text();
        for field in ["subtotal", "tax", "total"] {
            assert!(text.contains(&setting.money(cents(field))), "{field} is not in {text}");
        }
        let due = document.label["due_date"].is_null();
        assert_eq!(due, !text.contains(&setting.words.due), "{text}");
    }
}

#[test]
fn labels_obey_the_schema_for_the_fields_they_judge() {
    let schema = schema();
    let properties = schema["properties"].as_object().unwrap();
    for (_, document) in documents(60) {
        for (field, value) in document.label.as_object().unwrap() {
            assert!(jsonschema::is_valid(&properties[field], value), "{field}: {value}");
        }
    }
}

#[test]
fn nothing_is_written_beside_the_page() {
    for (_, document) in documents(90) {
        let page = &document.page;
        for mark in &page.marks {
            if let page::Mark::Text { x, y, text, style } = mark {
                let fits =
                    *x >= 30.0 && x + style.width(text) <= page.width - 20.0 && *y < page.height - 20.0;
                assert!(fits, "{text:?} at {x} {y}");
            }
        }
    }
}

#[test]
#[cfg(feature = "pdf")]
fn same_page_same_pdf() {
    let (_, document) = documents(1).next().unwrap();
    let pdf = pdf::write(&document.page).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(pdf, pdf::write(&document.page).unwrap());
}

#[test]
#[cfg(feature = "pdf")]
fn same_seed_same_bytes() {
    let sums = || {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Recipe { kind: Kind::Documents, seed: 2, count: 2, difficulty: Difficulty::Normal };
        crate::generate(&recipe, folder.path()).unwrap();
        fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap()
    };
    assert_eq!(sums(), sums());
}

#[test]
#[cfg(not(feature = "pdf"))]
fn says_which_feature_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe { kind: Kind::Documents, seed: 2, count: 1, difficulty: Difficulty::Normal };
    let error = crate::generate(&recipe, folder.path()).unwrap_err();
    assert!(error.to_string().contains("feature `pdf`"));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_page_can_be_sampled() {
    image::load_from_memory(
        &sample_image("clean", Difficulty::Normal, &mut Rng::new(&["sample"])).unwrap().1,
    )
    .unwrap();
}
