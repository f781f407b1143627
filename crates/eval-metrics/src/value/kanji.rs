//! Whole numbers in Chinese and Japanese characters: `9万8千円`, `一万円`, `七`.

/// The number that a text is, with the sign of its currency or without; nothing for one in digits alone.
pub(super) fn whole(text: &str) -> Option<i128> {
    const LONGEST: usize = 60;
    let text = text.trim().trim_end_matches(['円', '元', '圓', '圆']).trim_start_matches(['¥', '￥']).trim();
    let has_own = text.chars().any(|c| digit(c).is_some_and(|_| !c.is_ascii_digit()) || power(c).is_some());
    if text.len() > LONGEST || !has_own {
        return None;
    }
    // The sum, what belongs to the next 万 or 億, and the digits before the next unit.
    let (mut sum, mut section, mut digits): (i128, i128, Option<i128>) = (0, 0, None);
    for c in text.chars().filter(|c| *c != ',') {
        if let Some(digit) = digit(c) {
            digits = Some(digits.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
            continue;
        }
        let power = power(c)?;
        if power >= 10_000 {
            let before = section + digits.unwrap_or(0);
            sum = sum.checked_add(before.max(1).checked_mul(power)?)?;
            section = 0;
        } else {
            section = section.checked_add(digits.unwrap_or(1).checked_mul(power)?)?;
        }
        digits = None;
    }
    sum.checked_add(section)?.checked_add(digits.unwrap_or(0))
}

pub(super) fn digit(c: char) -> Option<i128> {
    if let Some(digit) = c.to_digit(10) {
        return Some(digit.into());
    }
    let at = "〇一二三四五六七八九".chars().position(|known| known == c);
    let at = at.or_else(|| "영일이삼사오육칠팔구".chars().position(|known| known == c));
    let at = at.or(match c {
        '零' => Some(0),
        '壱' | '壹' => Some(1),
        '弐' | '貳' | '两' => Some(2),
        '参' => Some(3),
        _ => None,
    });
    at.map(|at| at as i128)
}

pub(super) fn power(c: char) -> Option<i128> {
    Some(match c {
        '十' | '拾' | '십' => 10,
        '百' | '백' => 100,
        '千' | '천' => 1_000,
        '万' | '萬' | '만' => 10_000,
        '億' | '亿' | '억' => 100_000_000,
        '兆' | '조' => 1_000_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn reads_numbers_in_characters() {
        for (text, number) in [
            ("9万8千円", 98_000),
            ("千円", 1_000),
            ("一万円", 10_000),
            ("七", 7),
            ("壱千五百円", 1_500),
            ("百二十元", 120),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["98000円", "円", "七色", "9.8万円"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
