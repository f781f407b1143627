//! The report in README.md is what the committed record gives, and no older one.

use std::path::Path;
use std::process::Command;

#[test]
fn the_readme_shows_the_committed_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, shown) = page.split_once("<!-- report:begin -->").expect("README.md marks its report");
    let (_, shown) = shown.split_once("```text\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let printed = Command::new(env!("CARGO_BIN_EXE_vision-eval"))
        .args(["report", "reports/record"])
        .current_dir(&root)
        .envs([("COLUMNS", "80"), ("NO_COLOR", "1")])
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(shown.lines().count() > 20, "README.md shows too little of its report");
    assert!(
        printed.starts_with(shown),
        "put the first lines of `COLUMNS=80 cargo xtask eval report reports/record` into README.md:\n{printed}"
    );
}

#[test]
fn the_readme_of_the_core_and_the_guide_show_the_example_that_is_compiled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let example = std::fs::read_to_string(root.join("cli/examples/ask_three.rs")).unwrap();
    let (_, code) = example.split_once("\n\n").expect("its first line says what it is");
    for name in ["vision-core/README.md", "../docs/use-as-a-library.md"] {
        let page = std::fs::read_to_string(root.join(name)).unwrap();
        assert!(page.contains(&format!("```rust,ignore\n{code}```")), "put the example into {name}:\n{code}");
    }
    let main = code.split_once("async fn main").expect("it has a main").1;
    assert!(main.lines().count() < 25, "it is no longer short");
}
