use std::collections::BTreeMap;

/// A prompt with places for a case's fields: `{{question}}`.
///
/// A value is put in as it is and never read again, so that a dataset from a stranger cannot smuggle in
/// more places or reach anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(String),
}

impl Template {
    /// Reads a template. An opened place that is never closed, or has no name, is an error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let (before, opened) = (&rest[..start], &rest[start + 2..]);
            let end = opened.find("}}").ok_or("`{{` is never closed by `}}`")?;
            let name = opened[..end].trim();
            if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)) {
                return Err(format!("`{{{{{name}}}}}` is not the name of a field"));
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Field(name.to_owned()));
            rest = &opened[end + 2..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// The names of its places.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Field(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text for one case, or the name of the field that it lacks.
    pub fn fill(&self, fields: &BTreeMap<String, String>) -> Result<String, String> {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Ok(text.as_str()),
                Piece::Field(name) => fields
                    .get(name)
                    .map(String::as_str)
                    .ok_or_else(|| format!("the prompt asks for the field `{name}`, which this case lacks")),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::Template;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn fills_in_fields() {
        let template = Template::parse("Q: {{question}} ({{ unit }})").unwrap();
        assert_eq!(
            template.fill(&fields(&[("question", "How much?"), ("unit", "$")])).unwrap(),
            "Q: How much? ($)"
        );
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let template = Template::parse("{{a}}").unwrap();
        assert_eq!(template.fill(&fields(&[("a", "{{b}}"), ("b", "secret")])).unwrap(), "{{b}}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let template = Template::parse("{{a}}").unwrap();
        assert!(template.fill(&fields(&[])).unwrap_err().contains("`a`"));
    }

    #[test]
    fn broken_places_are_errors_and_single_braces_are_text() {
        assert!(Template::parse("{{a").is_err());
        assert!(Template::parse("{{}}").is_err());
        assert!(Template::parse("{{ a b }}").is_err());
        let json = r#"like {"label": "chart"}"#;
        assert_eq!(Template::parse(json).unwrap().fill(&fields(&[])).unwrap(), json);
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = Template::parse(&text);
        }
    }
}
