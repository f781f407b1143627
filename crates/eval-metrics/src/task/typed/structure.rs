//! What a record holds, and where its values stand.

use crate::value::FieldType;

/// The only member of an item that is no object.
pub(super) const PLAIN_ITEM: &str = "value";

/// A field and how it is compared.
pub(super) type Field = (String, FieldType);

/// What a record holds, by name; objects inside of it are dotted names.
#[derive(Debug, Clone, Default)]
pub(super) struct Structure {
    pub(super) fields: Vec<Field>,
    pub(super) lists: Vec<Group>,
    /// Objects whose keys are values of their own.
    pub(super) maps: Vec<Group>,
}

/// Several records of one structure, in a list or by key.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) item: Structure,
}

impl Structure {
    /// Of an item that is no object.
    pub(super) fn plain(kind: FieldType) -> Self {
        Self { fields: vec![(PLAIN_ITEM.to_owned(), kind)], ..Self::default() }
    }

    pub(super) fn is_plain(&self) -> bool {
        let mut names = self.names();
        names.next() == Some(PLAIN_ITEM) && names.next().is_none()
    }

    /// The names of all it holds: fields, lists, maps.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let groups = self.lists.iter().chain(&self.maps);
        self.fields.iter().map(|field| field.0.as_str()).chain(groups.map(|group| group.name.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names().next().is_none()
    }

    /// Every field in it, in the order of a report.
    pub(super) fn describe(&self, at: &Place, add: &mut dyn FnMut(String, FieldType)) {
        self.fields.iter().for_each(|(name, kind)| add(at.inside(name).field, *kind));
        self.lists.iter().for_each(|list| list.item.describe(&at.inside(&list.name).item(""), add));
        self.maps.iter().for_each(|map| map.item.describe(&at.inside(&map.name).entry(""), add));
    }
}

/// How fields inside of lists are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `items.price`
    Plain,
    /// `items[].price`
    Marked,
}

/// Where a value is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) field: String,
    naming: Naming,
}

impl Place {
    pub(super) fn root(naming: Naming) -> Self {
        Self { path: String::new(), field: String::new(), naming }
    }

    /// A value of the record here.
    pub(super) fn inside(&self, name: &str) -> Self {
        if name == PLAIN_ITEM && self.naming == Naming::Marked && !self.path.is_empty() {
            return self.clone();
        }
        let join =
            |before: &str| if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        Self { path: join(&self.path), field: join(&self.field), naming: self.naming }
    }

    /// An item of the list here.
    pub(super) fn item(&self, position: &str) -> Self {
        let mark = if self.naming == Naming::Marked { "[]" } else { "" };
        Self {
            path: format!("{}[{position}]", self.path),
            field: format!("{}{mark}", self.field),
            naming: self.naming,
        }
    }

    /// The value under a key of the map here.
    pub(super) fn entry(&self, key: &str) -> Self {
        Self { path: format!("{}.{key}", self.path), field: format!("{}.*", self.field), naming: self.naming }
    }
}

/// A field's name without the marks of lists, so that `items.price` means `items[].price`.
pub(super) fn unmarked(field: &str) -> String {
    field.replace("[]", "")
}

/// Whether a field is the one of this name, or inside of it.
pub(super) fn is_within(field: &str, name: &str) -> bool {
    let (field, name) = (unmarked(field), unmarked(name));
    field.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
