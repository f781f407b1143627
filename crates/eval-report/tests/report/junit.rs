//! The shape that Jenkins' schema for JUnit files allows, which is the strictest in use: written down here from its
//! documentation, with the sums that the schema leaves unchecked.

use roxmltree::{Document, Node};

/// An element: its parents, the attributes it must have, those it may have.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const RULES: &[Rule] = &[
    ("testsuites", &[""], &[], &["name", "time", "tests", "failures", "errors"]),
    (
        "testsuite",
        &["testsuites", "testsuite"],
        &["name", "tests", "failures", "errors"],
        &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
    ),
    ("testcase", &["testsuite"], &["name"], &["time", "classname", "group"]),
    ("skipped", &["testcase"], &[], &["type", "message"]),
    ("error", &["testcase"], &[], &["type", "message"]),
    ("failure", &["testcase"], &[], &["type", "message"]),
    ("system-out", &["testsuite", "testcase"], &[], &[]),
    ("system-err", &["testsuite", "testcase"], &[], &[]),
    ("properties", &["testsuite"], &[], &[]),
    ("property", &["properties"], &["name", "value"], &[]),
];

/// Elements that hold text.
const TEXTS: [&str; 5] = ["skipped", "error", "failure", "system-out", "system-err"];

#[track_caller]
pub fn follows_the_rules(xml: &str) {
    let document = Document::parse(xml).unwrap();
    assert_eq!(document.root_element().tag_name().name(), "testsuites");
    for node in document.descendants() {
        if node.is_element() {
            element(node);
        } else if node.is_text() {
            let inside = node.parent().unwrap().tag_name().name();
            assert!(TEXTS.contains(&inside) || node.text().unwrap().trim().is_empty(), "text in <{inside}>");
        }
    }
    for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
        sums(suite);
    }
}

#[track_caller]
fn element(node: Node<'_, '_>) {
    let name = node.tag_name().name();
    let (_, parents, needed, allowed) =
        RULES.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("<{name}> is not known"));
    let parent = node.parent().map_or("", |parent| parent.tag_name().name());
    assert!(parents.contains(&parent), "<{name}> in <{parent}>");
    for attribute in node.attributes() {
        let attribute = attribute.name();
        assert!(needed.contains(&attribute) || allowed.contains(&attribute), "<{name} {attribute}>");
    }
    for attribute in *needed {
        assert!(node.has_attribute(*attribute), "<{name}> without {attribute}");
    }
    if let Some(time) = node.attribute("time") {
        assert!(time.parse::<f64>().unwrap() >= 0.0 && !time.contains('e'), "time={time}");
    }
}

/// What a suite says of its test cases is what they are.
#[track_caller]
fn sums(suite: Node<'_, '_>) {
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let with = |child: &str| {
        cases.iter().filter(|case| case.children().any(|node| node.has_tag_name(child))).count()
    };
    let said = |attribute: &str| suite.attribute(attribute).unwrap_or("0").parse::<usize>().unwrap();
    assert_eq!(said("tests"), cases.len());
    assert_eq!(said("failures"), with("failure"));
    assert_eq!(said("errors"), with("error"));
    assert_eq!(said("skipped"), with("skipped"));
}
