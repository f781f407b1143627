use std::collections::BTreeMap;

use eval_datasets::{Case, Dataset, Problem, Selection};
use serde_json::{Map, Value};
use vision_core::Task;

/// The controls, with what reports say of them. They never look at the media: any provider worth its money beats
/// them.
pub const CONTROLS: [(&str, &str); 2] = [
    ("blank", "answers nothing"),
    ("prior", "answers each field with the dataset's commonest value, the case's own label left out"),
];

/// Whether `kind` is that of the controls.
pub fn is_control(kind: &str) -> bool {
    kind == "control"
}

/// A control of one run.
#[derive(Debug)]
pub(crate) enum Control {
    Blank,
    Prior(BTreeMap<(String, Task), Prior>),
}

impl Control {
    /// What it says to a case.
    pub fn answer(&self, dataset: &str, case: &Case) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Prior(priors) => {
                let prior = priors.get(&(dataset.to_owned(), case.task));
                match prior.map(|prior| as_answer(case.task, prior.commonest(&case.expected))) {
                    Some(Value::String(text)) => text,
                    Some(value) => value.to_string(),
                    None => String::new(),
                }
            }
        }
    }
}

/// The label of a question holds its type and tolerance beside its value; an answer holds the value only.
fn as_answer(task: Task, label: Value) -> Value {
    match task {
        Task::ChartQuestion => serde_json::json!({ "answer": label["value"] }),
        _ => label,
    }
}

/// How often each field has each value.
#[derive(Debug, Default)]
pub(crate) struct Prior {
    fields: BTreeMap<String, Counts>,
    whole: Counts,
}

type Counts = BTreeMap<String, usize>;

/// Beyond this many different values a field has no prior to speak of, and counting on would only cost memory.
const MOST_VALUES: usize = 20_000;

impl Prior {
    /// Counts the labels of every task of a dataset.
    pub fn of(dataset: &Dataset) -> Result<BTreeMap<Task, Self>, Problem> {
        let mut priors: BTreeMap<Task, Self> = BTreeMap::new();
        for case in dataset.index(&Selection::default())?.cases() {
            let case = case?;
            priors.entry(case.task).or_default().count(&case.expected);
        }
        Ok(priors)
    }

    fn count(&mut self, expected: &Value) {
        match expected {
            Value::Object(fields) => {
                for (name, value) in fields {
                    add(self.fields.entry(name.clone()).or_default(), value);
                }
            }
            other => add(&mut self.whole, other),
        }
    }

    /// The commonest values, as if the case with this label were not in the dataset.
    fn commonest(&self, own: &Value) -> Value {
        match own {
            Value::Object(fields) => {
                let guess = |(name, own): (&String, &Value)| {
                    let counts = self.fields.get(name)?;
                    Some((name.clone(), commonest(counts, own)))
                };
                Value::Object(fields.iter().filter_map(guess).collect::<Map<_, _>>())
            }
            own => commonest(&self.whole, own),
        }
    }
}

fn add(counts: &mut Counts, value: &Value) {
    let text = value.to_string();
    if counts.len() < MOST_VALUES || counts.contains_key(&text) {
        *counts.entry(text).or_default() += 1;
    }
}

/// The commonest value, the first by spelling among equals, with one of `own` taken away.
fn commonest(counts: &Counts, own: &Value) -> Value {
    let own = own.to_string();
    counts
        .iter()
        .map(|(text, count)| (if *text == own { count - 1 } else { *count }, text))
        .filter(|(count, _)| *count > 0)
        .max_by(|(a, first), (b, second)| a.cmp(b).then_with(|| second.cmp(first)))
        .and_then(|(_, text)| serde_json::from_str(text).ok())
        .unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Prior;

    fn prior(labels: &[Value]) -> Prior {
        let mut prior = Prior::default();
        for label in labels {
            prior.count(label);
        }
        prior
    }

    #[test]
    fn gives_the_commonest_value_of_each_field() {
        let prior = prior(&[json!({"a": 1, "b": "x"}), json!({"a": 1, "b": "y"}), json!({"a": 2, "b": "y"})]);
        assert_eq!(prior.commonest(&json!({"a": 2, "b": "x"})), json!({"a": 1, "b": "y"}));
    }

    #[test]
    fn leaves_the_cases_own_label_out() {
        let prior = prior(&[json!({"label": "chart"}), json!({"label": "photo"}), json!({"label": "photo"})]);
        assert_eq!(prior.commonest(&json!({"label": "photo"})), json!({"label": "chart"}));
        assert_eq!(prior.commonest(&json!({"label": "chart"})), json!({"label": "photo"}));
    }

    #[test]
    fn a_single_case_leaves_nothing_to_guess_from() {
        assert_eq!(prior(&[json!("hello")]).commonest(&json!("hello")), Value::Null);
    }
}
