/// The lines of two texts: what both have as it is, what only one has marked.
pub(super) fn lines(a: &str, b: &str) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().take(MOST).collect(), b.lines().take(MOST).collect());
    let common = common(&a, &b);
    let (mut at_a, mut at_b) = (0, 0);
    let mut out = Vec::new();
    for (in_a, in_b) in common.into_iter().chain([(a.len(), b.len())]) {
        out.extend(a[at_a..in_a].iter().map(|line| format!("− {line}")));
        out.extend(b[at_b..in_b].iter().map(|line| format!("+ {line}")));
        out.extend(a.get(in_a).map(|line| format!("  {line}")));
        (at_a, at_b) = (in_a + 1, in_b + 1);
    }
    out
}

/// More lines than a prompt has that anybody compares by eye.
const MOST: usize = 500;

/// The longest common subsequence, as places in both.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    // The length of the longest one of what begins here.
    let mut longest = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for (i, line) in a.iter().enumerate().rev() {
        for (j, other) in b.iter().enumerate().rev() {
            longest[i][j] = match line == other {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut places = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn what_differs_is_marked_and_the_rest_is_kept() {
        let told = lines("Read it.\nAnswer in JSON.\nThanks.", "Read it.\nBe brief.\nThanks.\nNow.");
        assert_eq!(told, ["  Read it.", "− Answer in JSON.", "+ Be brief.", "  Thanks.", "+ Now."]);
        assert_eq!(lines("", "a"), ["+ a"]);
        assert_eq!(lines("a", "a"), ["  a"]);
    }
}
