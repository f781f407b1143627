use std::path::Path;

use super::Config;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(Path::new("eval.toml"), text).map_err(|problem| problem.to_string())
}

#[test]
fn an_empty_file_is_a_configuration() {
    assert_eq!(parse("").unwrap(), Config::default());
}

#[test]
fn a_typo_is_underlined_and_the_right_word_named() {
    insta::assert_snapshot!(parse("repeats = 2\n\n[[provider]]\nkind = \"openai\"\nmodle = \"gpt\"\n").unwrap_err(), @r#"
    eval.toml:5:1: unknown field `modle`, expected one of `kind`, `model`, `label`, `base_url`, `enabled`, `batch`, `settings`, `stream`, `price`, `limits`, `try`; did you mean `model`?
      |
    5 | modle = "gpt"
      | ^^^^^
    "#);
}

#[test]
fn what_belongs_to_the_top_is_told_so() {
    let error = |line: &str| parse(&format!("[[dataset]]\npath = \"a\"\n{line}\n")).unwrap_err();
    for line in ["repeats = 3", "repeets = 3"] {
        assert!(error(line).contains("`repeats` belongs to the top of the file"), "{}", error(line));
    }
    assert!(!error("zzz = 3").contains("belongs"));
}

#[test]
fn runs_are_kept_below_the_project() {
    for runs in ["/tmp/runs", "../runs", "s3://bucket/runs", "gs://bucket/runs"] {
        let error = parse(&format!("runs = \"{runs}\"")).unwrap_err();
        assert!(error.contains("a directory below that of eval.toml"), "{error}");
    }
    assert!(parse("runs = \"./records/of-ours\"").is_ok());
}

#[test]
fn an_unknown_task_is_underlined() {
    let error = parse("[[dataset]]\npath = \"a\"\ntasks = [\"recipt\"]\n").unwrap_err();
    assert!(error.contains("eval.toml:3:10") && error.contains("did you mean `receipt`?"), "{error}");
}

#[test]
fn values_out_of_range_are_underlined() {
    let error = parse("# repeats = 3 asks thrice\nrepeats = 0\n").unwrap_err();
    assert!(error.starts_with("eval.toml:2:11: repeats: not a count of 1 or more"), "{error}");
    let error = parse("[media]\nmode = \"resize\"\n").unwrap_err();
    assert!(error.starts_with("eval.toml:2:8: media.mode is one of `convert`"), "{error}");
}

#[test]
fn what_is_no_capability_and_no_price_is_refused() {
    let error = parse("[decide]\nrequire = [\"json_shema\"]\n").unwrap_err();
    assert!(
        error.starts_with("eval.toml:2:13: `json_shema` is not a capability (known: prompt, "),
        "{error}"
    );
    let priced = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nprice = { input_per_mtok = -1.5 }\n";
    let error = parse(priced).unwrap_err();
    assert!(error.starts_with("eval.toml:4:28: a price is an amount of dollars"), "{error}");
}

#[test]
fn shares_are_no_percentages_and_no_points() {
    for (line, said) in [
        ("[decide]\nmin_score = 85", "not a share between 0 and 1; 85% is 0.85"),
        ("[decide]\nmin_score = nan", "not a share between 0 and 1"),
        ("[decide]\nmax_p95_seconds = -1", "an amount of 0 or more"),
        ("[gate]\nmargin = 1", "1 would be 100 points; 1 points are 0.01"),
        ("[gate]\nmargin = -0.1", "not a share of the score"),
    ] {
        let error = parse(&format!("{line}\n")).unwrap_err();
        assert!(error.starts_with("eval.toml:2:") && error.contains(said), "{line}: {error}");
    }
    assert!(parse("[decide]\nmin_score = 1\n[gate]\nmargin = 0\n").is_ok());
}

#[test]
fn two_providers_need_two_labels() {
    let twice = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\n".repeat(2);
    let error = parse(&twice).unwrap_err();
    assert!(error.starts_with("eval.toml:6:10: two providers are called `local/fast`"), "{error}");
}

#[test]
fn a_limit_that_no_host_has_is_underlined() {
    let limited = |limit: &str| {
        parse(&format!("[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nlimits = {{ {limit} }}\n"))
    };
    for rate in ["0", "0.0", "-5", "1e-300", "nan", "inf"] {
        let error = limited(&format!("requests_per_minute = {rate}")).unwrap_err();
        assert!(error.starts_with("eval.toml:4:34: limits.requests_per_minute must be between"), "{error}");
        assert!(limited(&format!("tokens_per_minute = {rate}")).is_err(), "{rate}");
    }
    assert!(limited("concurrency = 0").unwrap_err().contains("4:26: limits.concurrency"), "concurrency");
    assert!(limited("requests_per_minute = 0.5, tokens_per_minute = 1e9, concurrency = 1").is_ok());
}
