use serde_json::{Map, Value};

/// No schema that a person writes has more parts once its references are followed.
const MOST_PARTS: usize = 10_000;

/// The same schema with what its references name in their place.
pub(super) fn inlined(schema: &Value) -> Result<Value, String> {
    Inliner { root: schema, open: Vec::new(), parts: 0 }.value(schema)
}

struct Inliner<'a> {
    root: &'a Value,
    /// The references that are being followed.
    open: Vec<&'a str>,
    parts: usize,
}

impl<'a> Inliner<'a> {
    fn value(&mut self, value: &'a Value) -> Result<Value, String> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(format!("it has more than {MOST_PARTS} parts once its references are followed"));
        }
        match value {
            Value::Object(keys) => match keys.get("$ref") {
                Some(Value::String(name)) => self.reference(name, keys),
                _ => self.keys(keys),
            },
            Value::Array(values) => values.iter().map(|value| self.value(value)).collect(),
            plain => Ok(plain.clone()),
        }
    }

    /// Definitions are followed from where they are named.
    fn keys(&mut self, keys: &'a Map<String, Value>) -> Result<Value, String> {
        let mut own = Map::new();
        for (key, value) in keys {
            match key.as_str() {
                "$ref" | "$defs" | "definitions" => {}
                // Names of fields may be those of keywords.
                "properties" | "patternProperties" if value.is_object() => {
                    let fields = value.as_object().into_iter().flatten();
                    let fields = fields.map(|(name, field)| Ok((name.clone(), self.value(field)?)));
                    own.insert(key.clone(), fields.collect::<Result<Map<_, _>, String>>()?.into());
                }
                // What stands there is no schema.
                "enum" | "const" | "default" | "examples" => _ = own.insert(key.clone(), value.clone()),
                _ => _ = own.insert(key.clone(), self.value(value)?),
            }
        }
        Ok(own.into())
    }

    /// What is said beside a reference has the last word.
    fn reference(&mut self, name: &'a str, keys: &'a Map<String, Value>) -> Result<Value, String> {
        if self.open.contains(&name) {
            return Err("it contains itself (a recursive `$ref`)".to_owned());
        }
        let path = name.strip_prefix('#').ok_or_else(|| format!("`{name}` stands in another file"))?;
        let target = self.root.pointer(path).ok_or_else(|| format!("`{name}` names nothing"))?;
        self.open.push(name);
        let named = self.value(target);
        self.open.pop();
        match (named?, self.keys(keys)?) {
            (Value::Object(mut named), Value::Object(beside)) => {
                named.extend(beside);
                Ok(named.into())
            }
            (named, _) => Ok(named),
        }
    }
}
