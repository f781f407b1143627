//! Token endpoints of Google's and Microsoft's.

use serde_json::json;

use super::draft::Draft;

/// Gives a token out for the right kind of form.
pub(super) fn grant(body: &[u8], token: &str) -> Draft {
    let form = String::from_utf8_lossy(body);
    let has =
        |name: &str| form.split('&').any(|pair| pair.split_once('=').is_some_and(|(known, _)| known == name));
    let complete = match form.split('&').find_map(|pair| pair.strip_prefix("grant_type=")) {
        Some("client_credentials") => {
            has("client_id") && has("scope") && (has("client_secret") || has("client_assertion"))
        }
        Some("refresh_token") => has("refresh_token") && has("client_id"),
        // Blanks and colons are percent-encoded.
        Some(grant) if grant.ends_with("jwt-bearer") => form
            .split('&')
            .filter_map(|pair| pair.strip_prefix("assertion="))
            .any(|it| it.matches('.').count() == 2),
        _ => false,
    };
    match complete {
        true => {
            let body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"});
            Draft { status: 200, headers: Vec::new(), body }
        }
        false => {
            let body = json!({"error": "invalid_grant", "error_description": "the form lacks something"});
            Draft { status: 400, headers: Vec::new(), body }
        }
    }
}
