use crate::Subject;

/// Turns every rule of the suite into a test of its own name.
///
/// `conformance!(subject)` makes a module `conformance`; `conformance!(chat, subject)` names it, so that a crate
/// can bring several subjects. The expression is evaluated once for each test.
#[macro_export]
macro_rules! conformance {
    ($subject:expr) => {
        $crate::conformance!(conformance, $subject);
    };
    ($module:ident, $subject:expr) => {
        mod $module {
            #[allow(unused_imports, reason = "the subject may need nothing from outside")]
            use super::*;

            fn subject_under_test() -> $crate::Subject {
                $subject
            }

            $crate::each_rule!($crate::conformance_test);

            #[test]
            fn canonical_requests_match_their_snapshots() {
                for (name, text) in $crate::snapshots(&subject_under_test()) {
                    $crate::insta::assert_snapshot!(name, text);
                }
            }
        }
    };
}

/// Makes one test of one rule. Called by [`conformance!`].
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_test {
    ($($rule:ident)*) => {
        $(
            #[test]
            fn $rule() {
                $crate::run(stringify!($rule), $crate::rules::$rule, &subject_under_test());
            }
        )*
    };
}

/// Hands the names of all rules to another macro. The only list of them.
#[doc(hidden)]
#[macro_export]
macro_rules! each_rule {
    ($then:path) => {
        $then! {
            writes_what_the_vendor_accepts
            writes_the_same_bytes_twice
            keeps_text_and_images_in_order
            passes_links_on
            refuses_what_it_cannot_do_before_sending
            carries_every_script
            keeps_the_key_in_its_header
            carries_a_large_image_whole
            carries_ten_images
            puts_the_question_in_its_place
            puts_the_system_text_in_its_place
            puts_images_in_their_place
            puts_documents_in_their_place
            puts_sound_in_its_place
            puts_the_schema_in_its_place
            caps_the_output
            sends_or_drops_the_temperature
            sends_or_drops_the_seed
            sends_or_drops_the_effort
            sends_or_drops_the_detail
            adds_no_parameters_of_its_own
            reads_the_documented_answer
            is_tested_with_what_the_vendor_sends
            tells_a_truncated_answer
            takes_an_empty_answer
            takes_an_answer_without_text
            tells_a_refusal
            tells_a_filtered_answer
            takes_a_sparse_answer
            reads_every_other_documented_answer
            ignores_fields_it_does_not_know
            keeps_a_stop_reason_it_does_not_know
            survives_any_missing_or_null_field
            loses_no_answer_to_an_unreadable_number
            counts_parts_within_their_whole
            answers_each_of_its_tasks
            gives_evidence_that_can_be_drawn
            refuses_what_is_no_task_of_its
            tells_what_it_could_not_read
            looks_until_it_is_done
            gives_up_looking_and_says_it_may_be_billed
            reports_the_usage_it_promises
            refuses_half_an_answer
            refuses_a_web_page
            sees_an_error_inside_a_success
            maps_every_documented_error
            maps_every_bare_status
            makes_one_attempt
            tells_final_quota_from_a_passing_limit
            reads_the_wait_from_every_header
            obeys_the_host_about_another_try
            names_the_host_that_rejected_the_key
            keeps_the_request_id_of_a_failure
            prints_no_key_for_debugging
            keeps_an_echoed_key_out_of_errors
            keeps_an_echoed_key_out_of_answers
            logs_no_key_at_the_finest_level
            replays_its_recordings
            answers_over_a_real_connection
            survives_a_broken_connection
            survives_what_is_not_http
            cuts_off_a_reply_without_end
        }
    };
}

macro_rules! names {
    ($($rule:ident)*) => {
        /// The names of all rules.
        pub const RULES: &[&str] = &[$(stringify!($rule)),*];
    };
}

each_rule!(names);

/// Runs one rule, unless the subject says that it does not apply.
#[doc(hidden)]
pub fn run(name: &str, rule: fn(&Subject), subject: &Subject) {
    for (exception, _) in subject.except {
        assert!(RULES.contains(exception), "`except` names `{exception}`, which is no rule");
    }
    match subject.except.iter().find(|(exception, _)| *exception == name) {
        Some((_, reason)) => println!("does not apply: {reason}"),
        None => rule(subject),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::RULES;

    /// A rule that is not listed tests nothing.
    #[test]
    fn every_rule_is_in_the_list() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let mut written = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let rules = text.lines().filter_map(|line| {
                line.strip_prefix("pub fn ")?.strip_suffix("(subject: &Subject) {").map(str::to_owned)
            });
            written.extend(rules);
        }
        written.sort();
        let mut listed = RULES.to_vec();
        listed.sort_unstable();
        assert_eq!(written, listed);
    }
}
