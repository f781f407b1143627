use serde_json::{Value, json};
use vision_core::{Modality, Part};

use super::requests::{capabilities, json as body, text};
use crate::pointer::find;
use crate::{Subject, canonical};

/// The question stands where the vendor reads it.
pub fn puts_the_question_in_its_place(subject: &Subject) {
    if capabilities(subject).prompt {
        let body = full(subject);
        let texts = find(&body, place("text", subject.places.text));
        assert!(texts.contains(&&json!(canonical::PROMPT)), "found {texts:?} in {body:#}");
    }
}

/// The system text stands where the vendor reads it, or at least before the question.
pub fn puts_the_system_text_in_its_place(subject: &Subject) {
    let capabilities = capabilities(subject);
    if capabilities.system {
        let body = full(subject);
        let texts = find(&body, place("system", subject.places.system));
        assert_eq!(texts, [&json!(canonical::SYSTEM)], "in {body:#}");
    } else if capabilities.prompt {
        let body = text(&subject.call(&canonical::full(&capabilities)));
        let system = body.find(canonical::SYSTEM).expect("the system text is not in the body");
        assert!(Some(system) < body.find(canonical::PROMPT), "the system text follows the question");
    }
}

/// Images stand where the vendor reads them.
pub fn puts_images_in_their_place(subject: &Subject) {
    medium_in_its_place(subject, Modality::Image, "image", subject.places.image);
}

/// PDF documents stand where the vendor reads them.
pub fn puts_documents_in_their_place(subject: &Subject) {
    medium_in_its_place(subject, Modality::Pdf, "pdf", subject.places.pdf);
}

/// Sound stands where the vendor reads it.
pub fn puts_sound_in_its_place(subject: &Subject) {
    medium_in_its_place(subject, Modality::Audio, "audio", subject.places.audio);
}

/// The schema is passed on whole.
pub fn puts_the_schema_in_its_place(subject: &Subject) {
    if capabilities(subject).json_schema {
        let body = full(subject);
        let found = find(&body, place("schema", subject.places.schema));
        // Some vendors want the schema as text.
        let found: Vec<Value> = found
            .into_iter()
            .map(|schema| match schema.as_str() {
                Some(text) => serde_json::from_str(text).unwrap_or_else(|_| schema.clone()),
                None => schema.clone(),
            })
            .collect();
        assert_eq!(found, [(*canonical::receipt().schema).clone()], "in {body:#}");
    }
}

/// Every request has a cap on what its answer may cost.
pub fn caps_the_output(subject: &Subject) {
    let capabilities = capabilities(subject);
    if capabilities.prompt {
        let body = body(&subject.call(&canonical::plain(&capabilities)));
        let found = find(&body, place("cap", subject.places.cap));
        assert_eq!(found, [&json!(canonical::CAP)], "in {body:#}");
    }
}

/// The temperature is sent, or listed as left out.
pub fn sends_or_drops_the_temperature(subject: &Subject) {
    sent_or_dropped(subject, "temperature", subject.places.temperature, Some(json!(0.5)));
}

/// The seed is sent, or listed as left out.
pub fn sends_or_drops_the_seed(subject: &Subject) {
    sent_or_dropped(subject, "seed", subject.places.seed, Some(json!(7)));
}

/// The reasoning effort is sent, or listed as left out.
pub fn sends_or_drops_the_effort(subject: &Subject) {
    sent_or_dropped(subject, "effort", subject.places.effort, None);
}

/// `detail` is sent, or listed as left out.
pub fn sends_or_drops_the_detail(subject: &Subject) {
    if capabilities(subject).takes(Modality::Image) {
        sent_or_dropped(subject, "detail", subject.places.detail, None);
    }
}

/// A request without parameters sends none, and the answer lists none as dropped.
pub fn adds_no_parameters_of_its_own(subject: &Subject) {
    let capabilities = capabilities(subject);
    let outcome = subject.ask(&canonical::plain(&capabilities), subject.success.clone());
    let response = outcome.result.as_ref().expect("a plain answer");
    assert_eq!(response.dropped_params, Vec::<String>::new());
    if capabilities.prompt {
        let body = body(&outcome.question());
        for pointer in [subject.places.temperature, subject.places.seed].into_iter().flatten() {
            assert!(find(&body, pointer).is_empty(), "{pointer} is set although nobody asked");
        }
    }
}

fn sent_or_dropped(subject: &Subject, name: &str, pointer: Option<&str>, value: Option<Value>) {
    let outcome = subject.ask(&canonical::full(&capabilities(subject)), subject.success.clone());
    let dropped = outcome.result.as_ref().expect("a full answer").dropped_params.clone();
    let dropped = dropped.iter().any(|dropped| dropped == name);
    let Some(pointer) = pointer else {
        assert!(dropped, "`{name}` has no place in `places` and is not among the dropped parameters");
        return;
    };
    let body = body(&outcome.question());
    let found = find(&body, pointer);
    match value {
        _ if dropped => assert!(found.is_empty(), "`{name}` was sent and is listed as dropped all the same"),
        Some(value) => assert_eq!(found, [&value], "{pointer} in {body:#}"),
        None => assert!(!found.is_empty(), "{pointer} is missing in {body:#}"),
    }
}

fn medium_in_its_place(subject: &Subject, modality: Modality, name: &str, pointer: Option<&str>) {
    let capabilities = capabilities(subject);
    let Some(medium) = canonical::sample(&capabilities, modality).filter(|_| capabilities.prompt) else {
        return;
    };
    let parts = vec![Part::Media(medium.clone()), canonical::prompt()];
    let body = body(&subject.call(&canonical::ask(&capabilities, parts)));
    let found = find(&body, place(name, pointer));
    let [Value::String(found)] = found[..] else { panic!("found {found:?} in {body:#}") };
    assert!(found.ends_with(medium.base64()), "{found:.60} is not the medium");
}

fn full(subject: &Subject) -> Value {
    body(&subject.call(&canonical::full(&capabilities(subject))))
}

#[track_caller]
fn place<'a>(name: &str, pointer: Option<&'a str>) -> &'a str {
    pointer.unwrap_or_else(|| panic!("the subject must give `places.{name}`"))
}
