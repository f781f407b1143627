//! The text of a new eval.toml: what was proposed, between the parts that are always the same.

use std::fmt::Write as _;
use std::path::Path;

use super::candidates::Candidate;
use super::data::TARGET;

const TEMPLATE: &str = include_str!("eval.toml");

/// Cases of a dataset that a first run asks about.
const SAMPLE: usize = 50;

/// A dataset of the configuration.
#[derive(Debug)]
pub struct Data {
    /// Its folder, relative to the project's; it may not be there yet.
    pub path: String,
    /// Its cases, where they are known.
    pub cases: Option<usize>,
}

/// What is written.
#[derive(Debug)]
pub struct Proposal {
    /// The name of the evaluation.
    pub name: String,
    /// Its datasets; without one, the place of one that is still to be imported.
    pub data: Vec<Data>,
    /// Its providers beside the local reader and the controls.
    pub candidates: Vec<Candidate>,
    /// The budget of a run in dollars.
    pub budget: Option<f64>,
}

impl Proposal {
    /// The text of the file.
    pub fn text(&self) -> String {
        let budget = match self.budget {
            Some(budget) => format!("{:<25} # a run never spends more", format!("budget_usd = {budget:?}")),
            None => "# budget_usd = 5.0        # required for paid providers".to_owned(),
        };
        // Line by line: what is filled in may hold a marker itself.
        let lines = TEMPLATE.lines().map(|line| match line {
            "name = {name}" => format!("name = {}", quoted(&self.name)),
            "{budget}" => budget.clone(),
            "{datasets}" => self.datasets(),
            "{candidates}" => self.candidates(),
            fixed => fixed.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }

    fn datasets(&self) -> String {
        if self.data.is_empty() {
            let path = quoted(TARGET);
            return format!(
                "[[dataset]]               # a directory with dataset.toml, cases.jsonl and media\n\
                 path = {path:<19}# create one with `vision-eval datasets import`"
            );
        }
        let entries = self.data.iter().map(|data| {
            let path = quoted(&data.path);
            match data.cases {
                Some(cases) if cases > 2 * SAMPLE => format!(
                    "[[dataset]]\npath = {path}\nsample = {SAMPLE:<15} # of {cases} cases; remove this line to use all"
                ),
                _ => format!("[[dataset]]\npath = {path}"),
            }
        });
        entries.collect::<Vec<_>>().join("\n\n")
    }

    fn candidates(&self) -> String {
        let mut text = String::new();
        for Candidate { kind, model, enabled, remark } in &self.candidates {
            let kind = format!("kind = {}", quoted(kind));
            let kind = if remark.is_empty() { kind } else { format!("{kind:<25} # {}", one_line(remark)) };
            let _ = write!(text, "[[provider]]\n{kind}\nmodel = {}\n", quoted(model));
            text.push_str(if *enabled { "\n" } else { "enabled = false\n\n" });
        }
        text.trim_end().to_owned()
    }
}

/// The next round amount that holds what a run may cost at most, and a dollar at least.
pub fn round_budget(most: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if step * factor >= most {
                return step * factor;
            }
        }
        step *= 10.0;
    }
}

/// A name for the evaluation: that of its folder.
pub fn name_of(folder: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.components().next_back().map(|it| it.as_os_str().to_string_lossy().into_owned());
    name.filter(|name| name.chars().any(char::is_alphanumeric)).unwrap_or_else(|| "my-evaluation".to_owned())
}

/// A path as it stands in the file, with slashes on every system.
pub fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|it| it.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Data, Proposal, round_budget};

    #[test]
    fn budgets_are_round_and_hold_the_most_a_run_may_cost() {
        for (most, budget) in [(0.0, 1.0), (0.3, 1.0), (1.0, 1.0), (1.01, 2.0), (4.2, 5.0), (130.0, 200.0)] {
            assert_eq!(round_budget(most), budget, "{most}");
        }
    }

    #[test]
    fn odd_names_stay_inside_their_quotes() {
        let odd = "a\"b\n[[provider]]\nkind = \"x\" # {budget}";
        let proposal = Proposal {
            name: odd.to_owned(),
            data: vec![Data { path: odd.to_owned(), cases: Some(1200) }],
            candidates: vec![Candidate {
                kind: "openai",
                model: odd.to_owned(),
                enabled: true,
                remark: odd.to_owned(),
            }],
            budget: Some(2.0),
        };
        let table: toml::Table = proposal.text().parse().expect("it is TOML");
        assert_eq!(table["dataset"][0]["path"].as_str(), Some(odd));
        assert_eq!(table["dataset"][0]["sample"].as_integer(), Some(50));
        assert_eq!(table["provider"].as_array().map(Vec::len), Some(5), "the four of the template and ours");
        assert_eq!(table["provider"][3]["model"].as_str(), Some(odd));
        assert_eq!(table["budget_usd"].as_float(), Some(2.0));
    }
}
