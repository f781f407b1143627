//! Which of the first two numbers of a date is the day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a country writes dates in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2025
    Dmy,
    /// 12/31/2025
    Mdy,
    /// 2025/12/31
    Ymd,
}

impl DateOrder {
    /// From `dmy`, `mdy`, `ymd`, a country (`US`, `Germany`) or a locale (`en-GB`); nothing where both are in use.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        const MONTH_FIRST: [&str; 10] = [
            "us",
            "usa",
            "united states",
            "united states of america",
            "pw",
            "fm",
            "mh",
            "ph",
            "philippines",
            "mdy",
        ];
        const YEAR_FIRST: [&str; 14] = [
            "cn", "jp", "kr", "tw", "hu", "lt", "mn", "china", "japan", "korea", "taiwan", "hungary", "ymd",
            "iran",
        ];
        // Both orders are common there, or the name says too little.
        const UNSETTLED: [&str; 9] = ["ca", "canada", "en", "other", "unknown", "none", "za", "ke", "gh"];
        let name = name.trim().to_lowercase().replace('_', "-");
        let name = name.as_str();
        if MONTH_FIRST.contains(&name) || name == "m/d/y" {
            return Some(Self::Mdy);
        }
        if YEAR_FIRST.contains(&name) {
            return Some(Self::Ymd);
        }
        if let Some((language, region)) = name.split_once('-').filter(|(language, _)| language.len() <= 3) {
            // `zh-Hant-TW`: the region comes last.
            let region = region.rsplit('-').next().unwrap_or(region);
            return Self::of(region).filter(|_| region.len() == 2 || Self::of(language).is_none());
        }
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == ' ');
        (plain && !UNSETTLED.contains(&name)).then_some(Self::Dmy)
    }

    /// From the facts a case is tagged with: `date_order`, `locale`, `country`, else a `language` of one country.
    #[must_use]
    pub fn from_tags(tags: &BTreeMap<String, String>) -> Option<Self> {
        ["date_order", "locale", "country", "region"]
            .into_iter()
            .find_map(|name| tags.get(name))
            .and_then(|value| Self::of(value))
            .or_else(|| Self::of_language(tags.get("language")?))
    }

    /// Only languages all of whose countries agree.
    fn of_language(name: &str) -> Option<Self> {
        const DAY_FIRST: [&str; 20] = [
            "de",
            "fr",
            "it",
            "pt",
            "nl",
            "pl",
            "cs",
            "da",
            "nb",
            "fi",
            "ru",
            "tr",
            "id",
            "ms",
            "vi",
            "german",
            "french",
            "italian",
            "portuguese",
            "dutch",
        ];
        let name = name.trim().to_lowercase();
        if name.contains(['-', '_']) {
            return Self::of(&name);
        }
        DAY_FIRST.contains(&name.as_str()).then_some(Self::Dmy)
    }
}

#[cfg(test)]
mod tests {
    use super::DateOrder;

    #[test]
    fn knows_the_order_of_countries_and_locales() {
        for (name, order) in [
            ("US", Some(DateOrder::Mdy)),
            ("en-US", Some(DateOrder::Mdy)),
            ("en_GB", Some(DateOrder::Dmy)),
            ("GB", Some(DateOrder::Dmy)),
            ("Malaysia", Some(DateOrder::Dmy)),
            ("zh-Hant-TW", Some(DateOrder::Ymd)),
            ("dmy", Some(DateOrder::Dmy)),
            ("CA", None),
            ("en", None),
            ("", None),
        ] {
            assert_eq!(DateOrder::of(name), order, "{name}");
        }
    }
}
