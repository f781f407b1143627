use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

/// Bytes that are sent one piece after the other and lie wherever they lie. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pieces(Vec<Bytes>);

impl Pieces {
    /// Puts a piece at the end.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.0.push(piece);
    }

    /// The pieces in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Bytes> {
        self.0.iter()
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.iter().map(Bytes::len).sum()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes in a row: copied, if there is more than one piece.
    pub fn whole(&self) -> Cow<'_, [u8]> {
        match self.0.as_slice() {
            [one] => Cow::Borrowed(one),
            many => Cow::Owned(many.concat()),
        }
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl PartialEq for Pieces {
    fn eq(&self, other: &Self) -> bool {
        self.whole() == other.whole()
    }
}

impl<T: Into<Bytes>> From<T> for Pieces {
    fn from(bytes: T) -> Self {
        Self(vec![bytes.into()])
    }
}

impl IntoIterator for Pieces {
    type Item = Bytes;
    type IntoIter = std::vec::IntoIter<Bytes>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn where_it_is_cut_makes_no_difference() {
        let mut cut = Pieces::from("ab");
        cut.push("c".into());
        assert_eq!(cut, Pieces::from("abc"));
        assert_eq!((cut.len(), cut.whole().as_ref()), (3, &b"abc"[..]));
        assert_ne!(cut, Pieces::from("ab"));
        assert!(Pieces::default().is_empty() && !cut.is_empty());
    }
}
