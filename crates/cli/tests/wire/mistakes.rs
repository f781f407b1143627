//! What people get wrong, and what they are told.

use vision_testkit::media;
use vision_testkit::server::Settings;

use crate::doors::{DOORS, Door, FOLDER, KEY, every};
use crate::shell::{Ended, Host, Shell};

fn asked(words: &[&str]) -> Ended {
    let shell = Shell::new();
    shell.put(&media::png("a.png", 9, 9, 1));
    shell.run(&[&["ask"], words].concat())
}

#[test]
fn a_rejected_key_is_named_with_its_host_and_its_variable() {
    let host = Host::start(Settings { key: Some("another".to_owned()), echo: true, ..Settings::default() });
    for door in every() {
        let shell = door.shell(&host, None);
        let ended = shell.put(&media::png("a.png", 9, 9, 1)).run(&["ask", door.name, "a.png", "What?"]);
        let ended = ended.expect(96).says(&format!("key rejected by {} (from {})", host.name(), door.key));
        assert!(!ended.err.contains(&KEY[..8]) && !ended.err.contains(FOLDER), "{}", ended.err);
        let kind = door.name.split('/').next().unwrap();
        let ended = shell.run(&["providers", "models", kind]).expect(96);
        ended.says(&format!("(from {})", door.key));
    }
}

#[test]
fn a_missing_key_is_named_with_where_to_get_one_and_who_needs_none() {
    for door in every().filter(|door| door.key != "COMPATIBLE_API_KEY") {
        let ended = asked(&[door.name, "a.png", "What?"]).expect(96);
        let ended = ended.says(&format!("no key: set {}", door.key)).says("get one at https://");
        ended.says("without a key there are: local, command, compatible, ollama, llama.cpp, vllm");
    }
}

#[test]
fn a_missing_folder_is_named() {
    let shell = {
        let mut shell = Shell::new();
        shell.set("YANDEX_API_KEY", KEY);
        shell
    };
    shell.put(&media::png("a.png", 9, 9, 1));
    shell
        .run(&["ask", "yandex/gemma-3-27b-it", "a.png", "What?"])
        .expect(96)
        .says("no folder: set YANDEX_FOLDER_ID");
}

#[test]
fn a_question_that_the_local_reader_cannot_answer_is_refused() {
    let ended = asked(&["local/fast", "a.png", "Is the cashier happy?"]).expect(5);
    ended.says("finds no answer to \"Is the cashier happy?\"");
}

#[test]
fn a_wrong_name_gets_the_nearest() {
    asked(&["opnai/gpt-5.6-luna", "a.png", "What?"]).expect(96).says("did you mean `openai`?");
    asked(&["gemni/gemini-3.7-flash", "a.png", "What?"]).expect(96).says("did you mean `gemini`?");
    asked(&["anthropc", "a.png", "What?"]).expect(96).says("did you mean `anthropic`?");
    asked(&["local/acurate", "a.png", "What?"]).expect(96).says("accurate");
    asked(&["gemini", "a.png", "What?"]).expect(96).says("such as gemini/gemini-3.7-flash");
}

#[test]
fn an_unreadable_file_is_named_with_the_reason() {
    let host = Host::start(Settings::default());
    let shell = DOORS[0].shell(&host, None);
    let ask = |file: &str| shell.run(&["ask", DOORS[0].name, file, "What?"]).expect(96).says(file);
    ask("nowhere.png").says("No such file");
    std::fs::create_dir(shell.path("folder.png")).unwrap();
    ask("folder.png").says("is not a regular file");
    shell.write("nothing.png", b"");
    ask("nothing.png").says("empty");
    shell.write("words.png", b"not a picture");
    ask("words.png");
    let png = media::png("half.png", 90, 90, 1);
    shell.write("half.png", &png.bytes().unwrap()[..2_000]);
    ask("half.png");
    let schema = shell.run(&["ask", DOORS[0].name, "--schema", "no.json", "What?"]);
    schema.expect(96).says("no.json cannot be read");
    shell.write("bad.json", b"{\n\"type\": }");
    let schema = shell.run(&["ask", DOORS[0].name, "--schema", "bad.json", "What?"]);
    schema.expect(96).says("bad.json:2:");
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn a_time_to_wait_is_more_than_nothing_and_at_most_a_day() {
    let host = Host::start(Settings::default());
    let shell = DOORS[0].shell(&host, None);
    shell.put(&media::png("a.png", 9, 9, 1));
    let ask =
        |option: &str| shell.run(&["ask", DOORS[0].name, "a.png", "What?", &format!("--timeout={option}")]);
    for seconds in ["0", "-1", "-0", "86401", "1e300", "inf", "nan", "1e-400", "soon", ""] {
        ask(seconds).expect(2).says("not a number of seconds between 0 and 86400");
    }
    assert_eq!(host.journal().requests, 0, "nothing is sent");
    ask("86400").expect(0);
    // A time that is hardly any is kept, too.
    let slow = DOORS[0].shell(&host, Some("slow:5s"));
    let words = ["ask", DOORS[0].name, "What?", "--timeout", "1e-9", "--max-retries", "0"];
    slow.run(&words).expect(1).says("no answer within");
}

#[test]
fn any_number_of_retries_can_be_counted() {
    let host = Host::start(Settings::default());
    let shell = DOORS[0].shell(&host, Some("500*1"));
    shell.put(&media::png("a.png", 9, 9, 1));
    let most = u32::MAX.to_string();
    shell.run(&["ask", DOORS[0].name, "a.png", "What?", "--max-retries", &most]).expect(0).says("2 attempts");
}

/// About 31 MB.
fn large() -> vision_core::Media {
    media::png("large.png", 3_600, 2_900, 1)
}

#[track_caller]
fn too_large(door: Door) {
    let host = Host::start(Settings::default());
    let ended = door.shell(&host, None).put(&large()).run(&["ask", door.name, "large.png", "What?"]);
    let ended = ended.expect(96).says("large.png has 31");
    ended.says("bytes, above the limit of").says(door.name);
    assert_eq!(host.journal().requests, 0, "{}", door.name);
}

#[test]
fn an_image_of_30_megabytes_is_refused_by_name_where_it_is_too_large() {
    let by_name = |name: &str| DOORS.into_iter().find(|door| door.name.starts_with(name)).unwrap();
    for name in ["anthropic", "deepinfra", "azure"] {
        too_large(by_name(name));
    }
}

#[test]
fn an_image_of_30_megabytes_arrives_whole_where_it_is_taken() {
    let host = Host::start(Settings::default());
    for name in ["openai", "gemini"] {
        let door = DOORS.into_iter().find(|door| door.name.starts_with(name)).unwrap();
        let shell = door.shell(&host, None);
        let words = ["ask", door.name, "large.png", "What?", "--record", "wire"];
        let ended = shell.put(&large()).run(&words).expect(0);
        let seen = &ended.json()["media"][0];
        assert_eq!((&seen["width"], &seen["whole"]), (&3_600.into(), &true.into()), "{}", door.name);
        assert_eq!(std::fs::read_dir(shell.path("wire")).unwrap().count(), 1, "it can be written down, too");
    }
    assert_eq!(host.journal().files, 0, "an uploaded file was left behind");
}

#[test]
fn an_address_that_cannot_be_right_is_refused() {
    let mut shell = Shell::new();
    shell.set("OPENAI_API_KEY", KEY).put(&media::png("a.png", 9, 9, 1));
    for (url, words) in [
        ("http://vision.example/v1", "plain http to vision.example"),
        ("ftp://vision.example/v1", "neither https:// nor http://"),
        ("https://me:pa55word@vision.example/v1", "must hold neither a password nor a query"),
        ("https://vision.example/v1?key=pa55word", "must hold neither a password nor a query"),
        ("http://127.0.0.1:9/v1", "127.0.0.1:9 cannot be reached"),
    ] {
        shell.set("OPENAI_BASE_URL", url);
        let ended =
            shell.run(&["ask", "openai/gpt-5.6-luna", "a.png", "What?", "--max-retries", "0"]).says(words);
        assert!(!ended.err.contains("pa55word"), "{}", ended.err);
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_and_not_passed_by() {
    let host = Host::start(Settings::default());
    let mut shell = DOORS[0].shell(&host, None);
    shell.set("HTTPS_PROXY", "http://user:geheim@[proxy");
    let ended = shell.run(&["ask", DOORS[0].name, "What?"]).expect(96).says("HTTPS_PROXY is not the address");
    assert!(!ended.err.contains("geheim"), "{}", ended.err);
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn an_address_with_a_fragment_is_refused() {
    let host = Host::start(Settings::default());
    let mut shell = DOORS[0].shell(&host, None);
    shell.set("OPENAI_BASE_URL", format!("{}/v1#x", host.url()));
    shell.run(&["ask", DOORS[0].name, "What?"]).expect(96).says("nor a `#`");
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let mut shell = Shell::new();
    shell.set("OPENAI_API_KEY", KEY).put(&media::png("a.png", 9, 9, 1));
    let ask = |file: &str| {
        shell.run(&["ask", "openai/gpt-5.6-luna", "a.png", "What?", "--ca-certificate", file]).expect(96)
    };
    ask("no.pem").says("no.pem cannot be read");
    shell.write("words.pem", b"no certificate");
    ask("words.pem").says("words.pem is no certificate in PEM");
}

#[test]
fn keys_of_odd_characters_are_sent_or_refused_and_never_shown() {
    for key in ["k/+=%&\"'\\<>{}[]~^`|;:,.?!@#$*()", "пароль-日本語-0123456789", "tab\tin the middle of it"]
    {
        let host =
            Host::start(Settings { key: Some("another".to_owned()), echo: true, ..Settings::default() });
        let door = DOORS[0];
        let mut shell = door.shell(&host, None);
        shell.set(door.key, key).put(&media::png("a.png", 9, 9, 1));
        let ended = shell.run(&["ask", door.name, "a.png", "What?", "-vv"]).expect(96);
        assert!(!ended.err.contains(&key.chars().take(8).collect::<String>()), "{}", ended.err);
        let sent = ended.err.contains("key rejected by");
        assert!(sent || ended.err.contains("was it copied whole"), "{}", ended.err);
    }
}

#[test]
fn a_mistake_in_the_configuration_is_shown_at_its_place_with_the_right_word() {
    let plan = |text: &str| {
        let shell = Shell::new();
        shell.write("sets/charts/dataset.toml", "").write("eval.toml", text);
        shell.run(&["run"]).expect(96)
    };
    plan("[[dataset]]\npath = \"sets/chrats\"\n").says(
        "eval.toml:2:9: `sets/chrats` holds no dataset: did you mean `sets/charts`?\n  |\n2 | path = \"sets/chrats\"\n  |         ^^^^^^^^^^^",
    );
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let with = |provider: &str| {
        plan(&format!(
            "[[dataset]]\npath = \"{root}/datasets/charts\"\n[[provider]]\nmodel = \"m\"\n{provider}\n"
        ))
    };
    with("kind = \"opneai\"").says("eval.toml:5:9: ").says("did you mean `openai`?").says("        ^^^^^^");
    // Told before the key, which would be asked for next.
    with("kind = \"anthropic\"\nsettings.versoin = \"x\"")
        .says("eval.toml:6:10: anthropic/m: settings: unknown field `versoin`")
        .says("did you mean `version`?")
        .says("         ^^^^^^^");
    with("kind = \"anthropic\"").says("eval.toml:5:9: anthropic/m: no key: set ANTHROPIC_API_KEY");
    with("kind = \"compatible\"\nbase_url = \"htp://x\"")
        .says("eval.toml:6:13: ")
        .says("starts with neither");
}
