//! KIEval, entity and group F1 for documents with merged and repeated entities.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::arguments::{flag_or, list, string, string_or};
use crate::assignment::Weights;
use crate::distance::{harmonic, share_or_zero};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "kieval",
    about: "Exact entity F1 for single entities and for groups (line items, taxes), and F1 of whole group items (KIEval).\n\
            Formula: items of a group id are matched so that the most values agree; TP, FP, FN over values (multisets);\n\
            kieval_aligned = TP / (TP + wrong_match + no_match). Values are split at params.value_delimiter (||),\n\
            params.empty_token (<empty>) is no value. A block without expected values is null.\n\
            Source: UpstageAI/KIEval. Flaws: 12.50 and 12,50 differ; with a null block its false positives vanish from `kieval`.",
    score,
};

#[derive(Default, Clone, Copy)]
struct Counts {
    right: usize,
    extra: usize,
    missed: usize,
    wrong_match: usize,
    no_match: usize,
    label: usize,
}

impl Counts {
    /// Adds what is common and left over between expected and predicted values of one key.
    fn add(&mut self, expected: &[&str], predicted: &[&str]) {
        let right = common(expected, predicted);
        let (extra, missed) = (predicted.len() - right, expected.len() - right);
        self.right += right;
        self.extra += extra;
        self.missed += missed;
        self.wrong_match += extra.min(missed);
        self.no_match += extra.abs_diff(missed);
        self.label += expected.len();
    }

    fn plus(mut self, other: Self) -> Self {
        self.right += other.right;
        self.extra += other.extra;
        self.missed += other.missed;
        self.wrong_match += other.wrong_match;
        self.no_match += other.no_match;
        self.label += other.label;
        self
    }

    fn block(self) -> Value {
        let precision = share_or_zero(self.right, self.right + self.extra);
        let recall = share_or_zero(self.right, self.right + self.missed);
        json!({
            "precision": precision,
            "recall": recall,
            "kieval_entity_f1": harmonic(precision, recall),
            "kieval_aligned": share_or_zero(self.right, self.right + self.wrong_match + self.no_match),
            "exact_match": self.right,
            "wrong_match": self.wrong_match,
            "no_match": self.no_match,
            "label": self.label,
        })
    }
}

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let values = Values::read(params)?;
    let expected = Document::read("expected", expected)?;
    let predicted = Document::read("predicted", predicted)?;
    let single = values.single(&expected, &predicted);
    let (group, grouping) = values.groups(&expected, &predicted)?;
    let all =
        [single, group].into_iter().filter(|counts| counts.label > 0).fold(Counts::default(), Counts::plus);
    let block = |label: usize, counts: Counts| if label > 0 { counts.block() } else { Value::Null };
    Ok(json!({
        "kieval": all.block(),
        "non_group": block(single.label, single),
        "group": block(group.label, group),
        "grouping": block(group.label, grouping),
    }))
}

type Item<'a> = Vec<(&'a str, &'a str)>;

struct Document<'a> {
    groups: Vec<(&'a str, Vec<Item<'a>>)>,
    single: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Document<'a> {
    fn read(side: &str, document: &'a Value) -> Result<Self, MetricError> {
        let object = |what: String, value: &'a Value| match value {
            Value::Object(fields) => Ok(fields.iter().collect::<Vec<_>>()),
            Value::Null => Ok(Vec::new()),
            _ => Err(MetricError::shape(&what, "an object", value)),
        };
        if !document.is_object() {
            return Err(MetricError::shape(side, "an object with `groups` and `non_group`", document));
        }
        let mut groups = Vec::new();
        for (id, items) in object(format!("{side}.groups"), &document["groups"])? {
            let what = format!("{side}.groups.{id}");
            let mut read = Vec::new();
            for item in list(&what, items)? {
                let fields = object(what.clone(), item)?.into_iter();
                let fields =
                    fields.map(|(key, value)| Ok((key.as_str(), string(&format!("{what}.{key}"), value)?)));
                read.push(fields.collect::<Result<Item<'a>, MetricError>>()?);
            }
            groups.push((id.as_str(), read));
        }
        let mut single = Vec::new();
        for (key, values) in object(format!("{side}.non_group"), &document["non_group"])? {
            single
                .push((key.as_str(), crate::arguments::strings(&format!("{side}.non_group.{key}"), values)?));
        }
        Ok(Self { groups, single })
    }
}

fn find<'a, T>(list: &'a [(&str, T)], key: &str) -> Option<&'a T> {
    list.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// How one text stands for one or several values, or for none.
struct Values<'a> {
    delimiter: Option<&'a str>,
    empty: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn read(params: &'a Value) -> Result<Self, MetricError> {
        let strategy = string_or(params, "grouping_strategy", "hungarian")?;
        if strategy != "hungarian" {
            return Err(MetricError::new(format!(
                "`params.grouping_strategy` should be `hungarian`, but is `{strategy}`"
            )));
        }
        let delimiter = string_or(params, "value_delimiter", "||")?;
        if delimiter.is_empty() {
            return Err(MetricError::new("`params.value_delimiter` should not be empty"));
        }
        let split = flag_or(params, "split_merged_value", true)?;
        let count_empty = flag_or(params, "include_empty_token", false)?;
        let empty = string_or(params, "empty_token", "<empty>")?;
        Ok(Self { delimiter: split.then_some(delimiter), empty: (!count_empty).then_some(empty) })
    }

    fn is_value(&self, text: &str) -> bool {
        self.empty != Some(text)
    }

    fn parts<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.delimiter.map_or_else(|| vec![text], |delimiter| text.split(delimiter).collect())
    }

    /// The parts that are values.
    fn values<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut parts = self.parts(text);
        parts.retain(|part| self.is_value(part));
        parts
    }

    fn all_values<'t>(&self, texts: &[&'t str]) -> Vec<&'t str> {
        texts.iter().flat_map(|text| self.values(text)).collect()
    }

    fn single(&self, expected: &Document<'_>, predicted: &Document<'_>) -> Counts {
        let mut counts = Counts::default();
        for (key, texts) in &expected.single {
            let given = find(&predicted.single, key).map_or(&[][..], Vec::as_slice);
            counts.add(&self.all_values(texts), &self.all_values(given));
        }
        for (key, texts) in &predicted.single {
            // The reference does not split the values of a key that is not expected.
            if find(&expected.single, key).is_none() {
                let texts: Vec<&str> = texts.iter().copied().filter(|text| self.is_value(text)).collect();
                counts.add(&[], &texts);
            }
        }
        counts
    }

    /// Counts of values in groups, and of whole items.
    fn groups(
        &self,
        expected: &Document<'_>,
        predicted: &Document<'_>,
    ) -> Result<(Counts, Counts), MetricError> {
        let (mut values, mut items) = (Counts::default(), Counts::default());
        let ids: BTreeSet<&str> =
            expected.groups.iter().chain(&predicted.groups).map(|(id, _)| *id).collect();
        for id in ids {
            let truth = find(&expected.groups, id).map_or(&[][..], Vec::as_slice);
            let answer = find(&predicted.groups, id).map_or(&[][..], Vec::as_slice);
            self.group(truth, answer, &mut values, &mut items)?;
        }
        Ok((values, items))
    }

    fn group(
        &self,
        truth: &[Item<'_>],
        answer: &[Item<'_>],
        values: &mut Counts,
        items: &mut Counts,
    ) -> Result<(), MetricError> {
        let agreement = Weights::new(truth.len(), answer.len(), |row, column| {
            self.agreement(&truth[row], &answer[column])
        })?;
        let pairs = agreement.best_matching();
        for &(row, column) in &pairs {
            self.matched(&truth[row], &answer[column], values, items);
        }
        let alone =
            |count: usize, taken: BTreeSet<usize>| (0..count).filter(move |index| !taken.contains(index));
        for row in alone(truth.len(), pairs.iter().map(|pair| pair.0).collect()) {
            items.add(&[""], &[]);
            truth[row].iter().for_each(|(_, text)| values.add(&self.values(text), &[]));
        }
        for column in alone(answer.len(), pairs.iter().map(|pair| pair.1).collect()) {
            items.add(&[], &[""]);
            answer[column].iter().for_each(|(_, text)| values.add(&[], &self.values(text)));
        }
        Ok(())
    }

    fn agreement(&self, truth: &Item<'_>, answer: &Item<'_>) -> f64 {
        let shared = truth.iter().filter_map(|(key, text)| Some((text, find(answer, key)?)));
        shared.map(|(truth, answer)| common(&self.values(truth), &self.values(answer))).sum::<usize>() as f64
    }

    fn matched(&self, truth: &Item<'_>, answer: &Item<'_>, values: &mut Counts, items: &mut Counts) {
        let present = |item: &Item<'_>| item.iter().filter(|(_, text)| self.is_value(text)).count();
        let mut equal = present(truth) == present(answer);
        for (key, text) in truth.iter().filter(|(_, text)| self.is_value(text)) {
            let given = find(answer, key).copied().filter(|given| self.is_value(given));
            equal &= given == Some(*text);
            values.add(&self.parts(text), &given.map_or_else(Vec::new, |given| self.parts(given)));
        }
        for (key, text) in answer.iter().filter(|(_, text)| self.is_value(text)) {
            if !find(truth, key).is_some_and(|text| self.is_value(text)) {
                values.add(&[], &self.parts(text));
            }
        }
        if equal { items.add(&["="], &["="]) } else { items.add(&["expected"], &["predicted"]) }
    }
}

/// Size of the multiset intersection.
fn common(left: &[&str], right: &[&str]) -> usize {
    if let ([left], [right]) = (left, right) {
        return usize::from(left == right);
    }
    let (mut left, mut right) = (left.to_vec(), right.to_vec());
    left.sort_unstable();
    right.sort_unstable();
    super::squad::common_sorted(&left, &right)
}
