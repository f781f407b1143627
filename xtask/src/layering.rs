//! Holds the crates to the arrows of ARCHITECTURE.md: who may use whom, and what must not appear where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::census::workspace;

/// The normal dependencies of every crate, by name. Development dependencies are free.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let folders = fs::read_dir(workspace().join("crates")).expect("the workspace has crates");
    folders
        .filter_map(|folder| fs::read_to_string(folder.ok()?.path().join("Cargo.toml")).ok())
        .map(|manifest| {
            let name =
                manifest.lines().find_map(|line| line.strip_prefix("name = ")).expect("a package has a name");
            let section = manifest
                .split("\n[")
                .find(|section| section.starts_with("dependencies]"))
                .unwrap_or_default();
            let names = section.lines().skip(1).filter_map(|line| line.split(['.', ' ', '=']).next());
            let names = names.filter(|name| !name.is_empty() && !name.starts_with('#'));
            (name.trim_matches('"').to_owned(), names.map(str::to_owned).collect())
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false if path.extension().is_some_and(|end| end == "rs") => vec![path],
            false => Vec::new(),
        })
        .collect()
}

#[track_caller]
fn none_of(name: &str, forbidden: impl Fn(&str) -> bool) {
    let dependencies = dependencies();
    let used = dependencies.get(name).unwrap_or_else(|| panic!("there is no crate {name}"));
    let wrong: Vec<_> = used.iter().filter(|used| forbidden(used)).collect();
    assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}");
}

fn is_ours(name: &str) -> bool {
    ["vision-", "provider-", "eval"].iter().any(|start| name.starts_with(start))
}

#[test]
fn the_core_knows_no_runtime_and_no_other_crate() {
    none_of("vision-core", |used| {
        is_ours(used) || ["tokio", "reqwest", "rusqlite", "tracing"].contains(&used)
    });
}

#[test]
fn providers_know_neither_each_other_nor_the_evaluation() {
    for name in dependencies().keys().filter(|name| name.starts_with("provider-")) {
        none_of(name, |used| used.starts_with("provider-") || used.starts_with("eval"));
    }
}

#[test]
fn everything_right_of_the_record_is_free_of_network_and_runtime() {
    let impure =
        ["tokio", "object_store", "reqwest", "vision-http", "vision-layers", "vision-media", "dotenvy"];
    for name in
        ["eval-record", "eval-metrics", "eval-statistics", "eval-decide", "eval-summary", "eval-report"]
    {
        none_of(name, |used| impure.contains(&used) || used.starts_with("provider-") || used == "eval");
    }
}

#[test]
fn only_the_command_line_names_providers() {
    for name in dependencies().keys().filter(|name| *name != "vision-eval") {
        none_of(name, |used| used.starts_with("provider-"));
    }
}

#[test]
fn only_the_transport_opens_connections() {
    let to_hosts = ["reqwest", "hyper", "hyper-util", "ureq", "curl", "tokio-rustls"];
    let to_brokers = ["async-nats"];
    let to_stores = ["object_store"];
    let to_collectors = ["opentelemetry-otlp", "opentelemetry-http"];
    // Stores and collectors are reached by clients that others wrote; ours is named there for its certificates.
    let may_name_a_client = ["vision-http", "eval-storage", "eval-telemetry"];
    // The testkit's are for the server that stands in for a host.
    for name in dependencies().keys().filter(|name| *name != "vision-testkit") {
        none_of(name, |used| {
            to_hosts.contains(&used)
                && !(may_name_a_client.contains(&name.as_str())
                    && (used == "reqwest" || name == "vision-http"))
        });
        none_of(name, |used| to_stores.contains(&used) && name != "eval-storage");
        none_of(name, |used| to_collectors.contains(&used) && name != "eval-telemetry");
        none_of(name, |used| to_brokers.contains(&used) && name != "eval-workers");
    }
}

#[test]
fn only_the_studio_serves_pages() {
    for name in dependencies().keys().filter(|name| *name != "eval-studio") {
        none_of(name, |used| ["axum", "tower", "tower-http"].contains(&used));
    }
    none_of("eval-studio", |used| {
        used == "eval" || used.starts_with("vision-http") || used.starts_with("provider-")
    });
}

/// What a host's bytes look like stands in modules called `answer` and `body`, which stay private.
#[test]
fn wire_types_stay_private() {
    let speak = |name: &&String| name.starts_with("provider-") || *name == "vision-chat";
    for name in dependencies().keys().filter(speak) {
        let lib = workspace().join("crates").join(name).join("src/lib.rs");
        let text = fs::read_to_string(lib).expect("a crate has a lib.rs");
        for line in text.lines() {
            let shows = ["answer", "body"].iter().any(|module| {
                line.starts_with(&format!("pub mod {module}"))
                    || line.starts_with(&format!("pub use {module}::"))
            });
            assert!(!shows, "{name} shows its wire types: {line}");
        }
    }
}

#[test]
fn rendering_lives_in_the_generator() {
    for name in dependencies().keys().filter(|name| *name != "eval-generate") {
        none_of(name, |used| ["resvg", "krilla", "usvg"].contains(&used));
    }
}

/// Files outside the command line that may look at the machine: the generator asks which programs are installed.
const MAY_LOOK: [&str; 1] = ["eval-generate"];

#[test]
fn the_environment_is_read_in_one_file() {
    let crates = workspace().join("crates");
    let reads = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a source file is text");
        ["env::var", "env::vars", "env::temp_dir", "env::home_dir"].iter().any(|word| text.contains(word))
    };
    let allowed = |path: &PathBuf| {
        path.ends_with("cli/src/environment.rs")
            || path.components().any(|part| MAY_LOOK.iter().any(|name| part.as_os_str() == *name))
            || path
                .components()
                .any(|part| ["tests", "examples", "bin"].iter().any(|name| part.as_os_str() == *name))
            || path.ends_with("tests.rs")
            || path.to_string_lossy().contains("vision-testkit")
    };
    let wrong: Vec<_> = sources(&crates).into_iter().filter(|path| !allowed(path)).filter(reads).collect();
    assert!(wrong.is_empty(), "the environment is read in {wrong:?}");
}

#[test]
fn nothing_of_ours_is_unsafe() {
    for (name, _) in dependencies() {
        let folder = if name == "vision-eval" { "cli" } else { &name };
        let manifest = fs::read_to_string(workspace().join("crates").join(folder).join("Cargo.toml"));
        let manifest = manifest.expect("every crate has a manifest");
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} must take the workspace's lints, which forbid unsafe"
        );
    }
}

/// A promise whose keeper was renamed or deleted is kept by nobody.
#[test]
fn each_promise_names_something_that_is_there() {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).expect("the page is there");
    let (_, promises) = page.split_once("\n## Promises\n").expect("the page has promises");
    let promises = promises.split("\n## ").next().unwrap_or_default();
    let ours = fs::read_to_string(workspace().join("xtask/src/layering.rs")).expect("this file");
    let keepers = promises
        .lines()
        .filter_map(|line| line.split(" | ").nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut seen = 0;
    for keeper in keepers {
        let is_there = if let Some(test) = keeper.strip_prefix("xtask::layering::") {
            ours.contains(&format!("fn {test}()"))
        } else if keeper.contains('/') {
            workspace().join(keeper).exists() || workspace().join("crates").join(keeper).exists()
        } else {
            continue;
        };
        assert!(is_there, "ARCHITECTURE.md names `{keeper}`, which is not there");
        seen += 1;
    }
    assert!(seen > 15, "only {seen} keepers were found");
}
