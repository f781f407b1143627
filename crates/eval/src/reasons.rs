/// Why things were not done: each reason with its count.
///
/// Two reasons that differ in names and numbers only are one, and the first stands for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(Vec<Reason>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// How often it occurred.
    pub count: u64,
    /// How it was told the first time.
    pub first: String,
    shape: String,
}

/// More different reasons than anybody reads.
const MOST: usize = 20;

impl Reasons {
    /// Counts one more.
    pub fn add(&mut self, reason: &str) {
        let shape = shape(reason);
        let Self(reasons) = self;
        // Where there are very many, the last one stands for the rest.
        let known = reasons.iter().position(|known| known.shape == shape);
        let at = known.or((reasons.len() == MOST).then_some(MOST - 1));
        match at {
            Some(at) => reasons[at].count += 1,
            None => reasons.push(Reason { count: 1, first: reason.to_owned(), shape }),
        }
    }

    /// The most frequent first.
    pub fn sorted(&self) -> Vec<&Reason> {
        let mut reasons: Vec<_> = self.0.iter().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        reasons
    }
}

/// The reason without the words that tell one case from another: names of files, addresses and numbers.
fn shape(reason: &str) -> String {
    let is_own = |word: &str| {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        inner.contains(['/', '.', '_']) || inner.contains(|c: char| c.is_ascii_digit())
    };
    reason.split_whitespace().map(|word| if is_own(word) { "…" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::Reasons;

    #[test]
    fn the_same_reason_for_many_files_is_one() {
        let mut reasons = Reasons::default();
        for number in 0..3 {
            reasons.add(&format!("cannot read {number}.png: not found"));
        }
        for name in ["PDF input not supported (a.pdf)", "PDF input not supported (b/c.pdf)"] {
            reasons.add(name);
        }
        let told: Vec<_> =
            reasons.sorted().into_iter().map(|reason| (reason.count, reason.first.as_str())).collect();
        assert_eq!(told, [(3, "cannot read 0.png: not found"), (2, "PDF input not supported (a.pdf)")]);
    }

    #[test]
    fn no_count_is_lost_where_there_are_very_many() {
        let mut reasons = Reasons::default();
        let letter = |at: u8| char::from(b'a' + at);
        (0..26).for_each(|at| reasons.add(&format!("{}{}", letter(at), letter(at))));
        assert_eq!(reasons.sorted().iter().map(|reason| reason.count).sum::<u64>(), 26);
        assert_eq!(reasons.sorted().len(), 20);
    }
}
