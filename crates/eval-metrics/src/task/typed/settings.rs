//! What a dataset says of its fields, and the presets.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::declared::{Declarations, Declared, declarations};
use super::structure::{Group, Naming, Structure, is_within, unmarked};
use super::{Rules, schema};
use crate::MetricError;
use crate::task::read_settings;
use crate::value::{DateOrder, FieldType};

/// The settings of every metric of records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::task) struct Settings {
    /// Field → type, or type, weight and whether it is critical.
    fields: Map<String, Value>,
    /// List → field → type; or list → type, for items that are no objects.
    lists: Map<String, Value>,
    name_threshold: f64,
    pair_floor: f64,
    /// How dates in numbers are written where a case is not tagged: `dmy`, `mdy`, `ymd`, a country or a locale.
    date_order: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fields: Map::new(), lists: Map::new(), name_threshold: 0.8, pair_floor: 0.4, date_order: None }
    }
}

impl Rules {
    pub(in crate::task) fn receipt(settings: &Value, critical: &[String]) -> Result<Self, MetricError> {
        let mut settings: Settings = read_settings(settings)?;
        let fields = json!({
            "store": "name", "date": "date", "subtotal": "money", "tax": "money", "tip": "money", "total": "money",
            "payment_method": "enum",
        });
        let items = json!({ "items": { "name": "name", "quantity": "quantity", "price": "money" } });
        for (defaults, given) in [(fields, &mut settings.fields), (items, &mut settings.lists)] {
            let Value::Object(mut defaults) = defaults else { continue };
            defaults.extend(std::mem::take(given));
            *given = defaults;
        }
        let rules = Self::declared(&settings, critical)?;
        Ok(Self { arithmetic: true, ..rules })
    }

    pub(in crate::task) fn document(settings: &Value, critical: &[String]) -> Result<Self, MetricError> {
        let settings: Settings = read_settings(settings)?;
        if settings.fields.is_empty() && settings.lists.is_empty() {
            return Err(MetricError::new(
                "the metric `document` needs settings: `fields` says the type of each field, as in `total = \"money\"`",
            ));
        }
        Self::declared(&settings, critical)
    }

    /// The fields of a JSON Schema; `is_only` where all cases have this one, so that a name it lacks is a mistake.
    pub(in crate::task) fn extract(
        settings: &Settings,
        critical: &[String],
        schema: &Value,
        is_only: bool,
    ) -> Result<Self, MetricError> {
        if !settings.lists.is_empty() {
            return Err(MetricError::new(
                "the metric `extract` takes its lists from the JSON Schema; name their fields in `fields`, as in \
                 `\"items[].price\" = \"money\"`",
            ));
        }
        let declared = declarations(&settings.fields)?;
        let structure = schema::structure(schema, &declared)?;
        let rules = Self::new(structure, Naming::Marked, settings, declared, critical, is_only)?;
        Ok(Self { schema: Some(Arc::new(schema.clone())), ..rules })
    }

    /// The fields that the settings name.
    fn declared(settings: &Settings, critical: &[String]) -> Result<Self, MetricError> {
        let declared = declarations(&settings.fields)?;
        let fields = declared.iter().map(|(name, field)| match field.kind {
            Some(kind) => Ok((name.clone(), kind)),
            None => Err(MetricError::new(format!("the type of the field `{name}` is missing"))),
        });
        let lists = settings.lists.iter().map(|(name, fields)| {
            let item = match fields {
                Value::Object(fields) => Structure { fields: types(fields)?, ..Structure::default() },
                Value::String(_) => match Declared::read(name, fields)?.kind {
                    Some(kind) => Structure::plain(kind),
                    None => Structure::default(),
                },
                other => {
                    return Err(MetricError::shape(
                        &format!("lists.{name}"),
                        "a table of fields and types",
                        other,
                    ));
                }
            };
            Ok(Group { name: name.clone(), item })
        });
        let structure = Structure {
            fields: fields.collect::<Result<_, _>>()?,
            lists: lists.collect::<Result<_, _>>()?,
            maps: Vec::new(),
        };
        Self::new(structure, Naming::Plain, settings, declared, critical, true)
    }

    fn new(
        structure: Structure,
        naming: Naming,
        settings: &Settings,
        declared: Declarations,
        critical: &[String],
        is_only: bool,
    ) -> Result<Self, MetricError> {
        for (name, share) in
            [("name_threshold", settings.name_threshold), ("pair_floor", settings.pair_floor)]
        {
            if !(0.0..=1.0).contains(&share) {
                return Err(MetricError::new(format!("`{name}` should be from 0 to 1, but is {share}")));
            }
        }
        let date_order = settings.date_order.as_deref().map(|name| {
            DateOrder::of(name).ok_or_else(|| {
                MetricError::new(format!(
                    "`date_order` should be `dmy`, `mdy`, `ymd`, a country or a locale, but is `{name}`"
                ))
            })
        });
        let also = declared.iter().filter(|(_, field)| field.critical).map(|(name, _)| name.clone());
        let weights: HashMap<String, f64> =
            declared.iter().filter_map(|(name, field)| Some((unmarked(name), field.weight?))).collect();
        let rules = Self {
            structure,
            naming,
            critical: critical.iter().cloned().chain(also).collect(),
            weights,
            name_threshold: settings.name_threshold,
            pair_floor: settings.pair_floor,
            arithmetic: false,
            date_order: date_order.transpose()?,
            schema: None,
        };
        if is_only {
            rules.check_names(critical, "the critical field")?;
            let declared: Vec<String> = declared.into_iter().map(|(name, _)| name).collect();
            rules.check_names(&declared, "the setting for the field")?;
        }
        Ok(rules)
    }

    /// A name that no field has is a mistake.
    fn check_names(&self, names: &[String], what: &str) -> Result<(), MetricError> {
        let fields = self.fields();
        match names.iter().find(|name| !fields.iter().any(|field| is_within(&field.name, name))) {
            Some(name) => Err(MetricError::new(format!("{what} `{name}` is no field of the metric"))),
            None => Ok(()),
        }
    }
}

fn types(fields: &Map<String, Value>) -> Result<Vec<(String, FieldType)>, MetricError> {
    fields
        .iter()
        .map(|(name, kind)| match FieldType::deserialize(kind) {
            Ok(kind) => Ok((name.clone(), kind)),
            Err(error) => Err(MetricError::new(format!("the type of the field `{name}`: {error}"))),
        })
        .collect()
}
