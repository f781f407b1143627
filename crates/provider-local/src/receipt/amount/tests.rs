use super::*;

#[track_caller]
fn price(text: &str, style: Style, thousandths: i64) {
    let found = amounts(text, style);
    let last = found.last().unwrap_or_else(|| panic!("no amount in {text:?}"));
    assert_eq!((last.money, last.shape), (Money(thousandths), Shape::Price), "{text:?}");
}

#[track_caller]
fn none(text: &str, style: Style) {
    let prices: Vec<Amount> = amounts(text, style).into_iter().filter(|a| a.shape == Shape::Price).collect();
    assert!(prices.is_empty(), "{prices:?} in {text:?}");
}

#[test]
fn reads_either_decimal_mark() {
    price("12.50", Style::Two, 12_500);
    price("12,50", Style::Two, 12_500);
    price("1.234,50", Style::Two, 1_234_500);
    price("1,234.50", Style::Two, 1_234_500);
    price("1'234.50", Style::Two, 1_234_500);
    price("1 234,50", Style::Two, 1_234_500);
    price("1.250", Style::Three, 1_250);
}

#[test]
fn reads_whole_currencies() {
    price("¥1,280", Style::Whole, 1_280_000);
    price("12.500", Style::Whole, 12_500_000);
    price("12 500 Ft", Style::Whole, 12_500_000);
    price("980円", Style::Whole, 980_000);
}

#[test]
fn signs_and_currencies_may_stand_on_either_side() {
    for text in ["-$1.00", "$-1.00", "1.00-", "(1.00)", "-1,00 €", "- 1.00", "−1.00", "-1.00 A", "-1.00A"]
    {
        price(text, Style::Two, -1_000);
    }
    price("CHF 4.20", Style::Two, 4_200);
    price("4,20EUR", Style::Two, 4_200);
    price("R$4,20", Style::Two, 4_200);
}

#[test]
fn forgives_what_ocr_confuses() {
    price("1O.5O", Style::Two, 10_500);
    price("£l3.50", Style::Two, 13_500);
    price("3，20", Style::Two, 3_200);
    price("Milk3.20", Style::Two, 3_200);
}

#[test]
fn measures_codes_and_shares_are_no_prices() {
    none("500ml", Style::Whole);
    none("20%", Style::Two);
    none("ABC123X9", Style::Two);
    none("2 x", Style::Two);
    none("0.452", Style::Two);
    none("10:42", Style::Whole);
    none("Oil", Style::Two);
    none("2023.09.11", Style::Whole);
    none("2x", Style::Two);
}

#[test]
fn the_place_of_a_price_leaves_out_the_name() {
    let text = "Milk3.20";
    let amount = amounts(text, Style::Two)[0];
    assert_eq!(&text[..amount.start], "Milk");
}

#[test]
fn the_page_decides_its_style() {
    assert_eq!(Style::of(["Milk 3.20", "Bread 2,10"].into_iter()), Style::Two);
    assert_eq!(Style::of(["おにぎり ¥120", "Tea ¥1,280"].into_iter()), Style::Whole);
    assert_eq!(Style::of(["KWD 1.250", "0.750", "2.000"].into_iter()), Style::Three);
}

#[test]
fn a_count_and_a_price_may_touch() {
    let found: Vec<i64> = amounts("2x5,19", Style::Two).iter().map(|amount| amount.money.0).collect();
    assert_eq!(found, [2_000, 5_190]);
    let found: Vec<i64> = amounts("3X 895", Style::Whole).iter().map(|amount| amount.money.0).collect();
    assert_eq!(found, [3_000, 895_000]);
}

#[test]
fn any_text_is_no_panic() {
    for text in [
        "",
        "-",
        "９９９９９９９９９９９９９９９",
        "9.9.9.9",
        "éé1é2",
        "1 234",
        "€",
        "$ $ 1",
        "12,é34",
        "Crème brûlée",
        "7,99 crème",
        "9 crème",
        "1 é23,45",
    ] {
        for style in [Style::Two, Style::Three, Style::Whole] {
            amounts(text, style);
        }
    }
}
