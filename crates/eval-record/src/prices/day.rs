/// The number of a day such as `2026-11-28` (or a time that begins with one), counted from a day long ago.
pub(super) fn days(day: &str) -> Option<i64> {
    let day = day.get(..10)?;
    let mut parts = day.split('-');
    let (year, month, of_month) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), of_month.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, of_month): (i64, i64, i64) =
        (year.parse().ok()?, month.parse().ok()?, of_month.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&of_month) || year < 0 {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5
            + of_month,
    )
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let between = |from: &str, to: &str| days(to).unwrap() - days(from).unwrap();
        assert_eq!(between("2026-11-28", "2026-11-29"), 1);
        assert_eq!(between("2026-08-30", "2026-11-28"), 90);
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("2025-02-28", "2025-03-01"), 1);
        assert_eq!(between("2000-01-01", "2001-01-01T10:00:00Z"), 366);
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["", "eval.toml", "2026-13-01", "2026-1-01", "2026-11-32", "2026/11/28"] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
