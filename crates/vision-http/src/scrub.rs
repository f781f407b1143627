//! Takes the secrets of a call out of what came back, before and after it is decoded.

use bytes::Bytes;
use vision_core::{Error, Response, Secret, Stop};

use crate::Reply;
use crate::stream::unsplit;

/// The reply as it came: no header and no body holds a secret, however its host spelled it.
pub(crate) fn reply(reply: &mut Reply, secrets: &[Secret]) {
    for (_, value) in &mut reply.headers {
        // A number is a limit or a delay, and a key of one digit is in many of them.
        let is_number = value.trim().parse::<f64>().is_ok();
        for secret in secrets.iter().filter(|secret| !(is_number && secret.is_short())) {
            *value = secret.scrub(value);
        }
    }
    for secret in secrets {
        let clean = match std::str::from_utf8(&reply.body) {
            Ok(text) => changed(secret, text),
            Err(_) => changed(secret, &reply.text()),
        };
        if let Some(clean) = clean {
            reply.body = Bytes::from(clean);
        }
    }
    if reply.is_stream()
        && let Some(clean) = unsplit(&reply.body, secrets)
    {
        reply.body = Bytes::from(clean);
    }
}

/// What was read out of a reply: decoding takes disguises off that nobody sees through before.
pub(crate) fn outcome(outcome: Result<Response, Error>, secrets: &[Secret]) -> Result<Response, Error> {
    match outcome {
        Ok(mut response) => {
            answer(&mut response, secrets);
            Ok(response)
        }
        Err(mut error) => {
            for secret in secrets {
                if let Some(clean) = changed(secret, error.message()) {
                    error = error.reworded(|_| clean);
                }
                let details = &mut error.details;
                [&mut details.body, &mut details.request_id].into_iter().for_each(|text| words(text, secret));
            }
            Err(error)
        }
    }
}

fn answer(response: &mut Response, secrets: &[Secret]) {
    for secret in secrets {
        if let Some(clean) = changed(secret, &response.text) {
            response.text = clean;
            // Paths are names out of the text.
            response.token_probabilities.iter_mut().for_each(|it| it.values.clear());
        }
        if let Stop::Other(text) | Stop::Filtered(Some(text)) = &mut response.stop
            && let Some(clean) = changed(secret, text)
        {
            *text = clean;
        }
        let Response { refusal, model, fingerprint, service_tier, request_id, .. } = &mut *response;
        for text in [refusal, model, fingerprint, service_tier, request_id] {
            words(text, secret);
        }
        response.evidence.iter_mut().for_each(|evidence| words(&mut evidence.text, secret));
    }
}

fn words(text: &mut Option<String>, secret: &Secret) {
    if let Some(clean) = text.as_deref().and_then(|text| changed(secret, text)) {
        *text = Some(clean);
    }
}

/// The text without the secret, if that is another one.
fn changed(secret: &Secret, text: &str) -> Option<String> {
    match secret.scrub_answer(text) {
        std::borrow::Cow::Borrowed(_) => None,
        std::borrow::Cow::Owned(clean) => Some(clean),
    }
}

#[cfg(test)]
mod tests {
    use vision_core::{Error, ErrorKind, Response, Secret};

    use crate::Reply;

    const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6T";

    /// The key with a zero behind each letter, as a host may write it to get it past a search.
    fn interleaved() -> String {
        KEY.chars().flat_map(|letter| [letter, '\0']).collect()
    }

    #[test]
    fn a_key_in_disguise_is_found_in_the_body() {
        let escaped: String = KEY.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
        let zeros: String = KEY.chars().map(|letter| format!("{letter}\\u0000")).collect();
        for disguise in [escaped, zeros, interleaved()] {
            let mut reply = Reply::json_text(200, format!(r#"{{"text":"<{disguise}>"}}"#));
            super::reply(&mut reply, &[Secret::new(KEY)]);
            assert!(reply.text().contains("<***"), "{}", reply.text());
        }
    }

    #[test]
    fn a_key_in_disguise_is_found_in_what_was_decoded() {
        let secrets = [Secret::new(KEY)];
        let response = Response { text: interleaved(), model: Some(interleaved()), ..Response::default() };
        let clean = super::outcome(Ok(response), &secrets).unwrap();
        assert_eq!((clean.text.as_str(), clean.model.as_deref()), ("***\0", Some("***\0")));
        let mut error = Error::new(ErrorKind::Malformed, interleaved());
        error.details.body = Some(interleaved());
        let clean = super::outcome(Err(error), &secrets).unwrap_err();
        assert_eq!((clean.message(), clean.details.body.as_deref()), ("***\0", Some("***\0")));
    }

    #[test]
    fn a_short_key_changes_no_answer_and_no_limit() {
        let body = r#"{"payment_method":"cash","total":11}"#;
        for key in ["1", "cash"] {
            let mut reply = Reply::json_text(200, body)
                .with_header("retry-after", "11")
                .with_header("location", "https://a.test/?k=cash1");
            super::reply(&mut reply, &[Secret::new(key)]);
            assert_eq!((&*reply.text(), reply.header("retry-after")), (body, Some("11")));
            assert!(!reply.header("location").unwrap().contains(key));
        }
    }
}
