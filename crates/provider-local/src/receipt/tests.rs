use super::*;
use crate::layout;
use crate::layout::tests::line;
use image::RgbImage;

/// A page of rows; two blanks part a row's cells, the last one ends at the right edge.
fn page(rows: &str) -> Page {
    let mut lines = Vec::new();
    for (index, row) in rows.lines().map(str::trim).enumerate() {
        let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        for (at, cell) in cells.iter().enumerate() {
            let left = if at == 0 {
                0.0
            } else {
                600.0 - 10.0 * cell.chars().count() as f32 - 120.0 * (cells.len() - 1 - at) as f32
            };
            lines.push(line(cell, left, 30.0 * index as f32));
        }
    }
    Page { image: RgbImage::new(600, 800), lines: layout::arrange(lines) }
}

/// Items as `name quantity price` and the other fields, on one line each.
#[track_caller]
fn check(rows: &str, wanted: &str) {
    let receipt = read(&page(rows));
    let mut found = Vec::new();
    for item in &receipt.items {
        found.push(format!("{} | {} | {}", item.name, item.quantity.json(), item.price.json()));
    }
    let sums = [
        ("subtotal", receipt.subtotal),
        ("tax", receipt.tax),
        ("tip", receipt.tip),
        ("total", receipt.total),
    ];
    for (name, sum) in sums {
        found.extend(sum.map(|sum| format!("{name} {}", sum.json())));
    }
    let wanted: Vec<&str> = wanted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found, wanted);
}

#[test]
fn reads_rows_with_counts_in_front() {
    check(
        "CORNER BAKERY
         12 Mill Lane
         Date: 14/03/2025
         2 x Almond croissant  $5.00
         1 Oat flat white  $3.45
         Sourdough loaf  $3.80
         Subtotal  $12.25
         Sales tax 8%  $0.98
         TOTAL  $13.23",
        "Almond croissant | 2 | 5
         Oat flat white | 1 | 3.45
         Sourdough loaf | 1 | 3.8
         subtotal 12.25
         tax 0.98
         total 13.23",
    );
}

#[test]
fn reads_columns_with_decimal_commas() {
    check(
        "Bäckerei Huber
         Artikel  Menge  Preis  Betrag
         Brezel  3  0,90  2,70
         Milchkaffee  1  3,40  3,40
         Zwischensumme  6,10
         MwSt 7%  0,43
         Summe  6,53
         Bar  10,00
         Rückgeld  3,47",
        "Brezel | 3 | 2.7
         Milchkaffee | 1 | 3.4
         subtotal 6.1
         tax 0.43
         total 6.53",
    );
}

#[test]
fn reads_currencies_without_decimals() {
    check(
        "TOKYO MART
         2025/03/14
         Onigiri x2  ¥320
         Green tea  ¥1,180
         Subtotal  ¥1,500
         Tax 10%  ¥150
         Total  ¥1,650",
        "Onigiri | 2 | 320
         Green tea | 1 | 1180
         subtotal 1500
         tax 150
         total 1650",
    );
}

#[test]
fn a_quantity_row_belongs_to_the_item_beside_it() {
    check(
        "SHOP
         Apples
         2 x 1.25  2.50
         Pears  3.00
         2 @ 1.50
         Total  5.50",
        "Apples | 2 | 2.5
         Pears | 2 | 3
         total 5.5",
    );
}

#[test]
fn what_is_taken_off_is_negative() {
    check(
        "SHOP
         Milk  3.20
         Bread  2.00
         VOID Milk  -3.20
         Member discount  0.50
         Subtotal  1.50
         Total  1.50",
        "Milk | 1 | 3.2
         Bread | 1 | 2
         VOID Milk | 1 | -3.2
         Member discount | 1 | -0.5
         subtotal 1.5
         total 1.5",
    );
}

#[test]
fn several_taxes_add_up_and_tips_count() {
    check(
        "DINER
         Poutine  12.00
         Subtotal  12.00
         GST 5%  0.60
         PST 7%  0.84
         Gratuity  2.00
         Total due  15.44",
        "Poutine | 1 | 12
         subtotal 12
         tax 1.44
         tip 2
         total 15.44",
    );
}

#[test]
fn arithmetic_mends_one_misread_digit() {
    check(
        "SHOP
         Milk  3.70
         Bread  2.00
         Subtotal  5.20
         Total  5.20",
        "Milk | 1 | 3.2
         Bread | 1 | 2
         subtotal 5.2
         total 5.2",
    );
}

#[test]
fn nothing_is_invented() {
    let receipt = read(&page("Dear Sir,\nthank you for your letter."));
    assert_eq!((receipt.items.len(), receipt.total, receipt.date, receipt.payment), (0, None, None, None));
    assert_eq!(read(&page("")), Receipt::default());
}

#[test]
fn names_the_store_the_day_and_the_means() {
    let receipt = read(&page(
        "*** RECEIPT ***\nCORNER BAKERY\n14/03/2025 10:42\nLoaf  3.80\nTotal  3.80\nApple Pay VISA  3.80",
    ));
    assert_eq!(receipt.store.as_deref(), Some("CORNER BAKERY"));
    assert_eq!(receipt.date.map(Date::iso).as_deref(), Some("2025-03-14"));
    assert_eq!(receipt.payment, Some(Means::Mobile));
}

#[test]
fn a_quantity_row_goes_to_the_item_whose_price_it_makes() {
    check(
        "SHOP
         1.083 kg * 1.99/kg
         Red onions  2.16
         4*1.60
         Cat food  6.40
         Penne  1.79
         Potato  80.66
         2.180 kg × 37.00/kg
         Total  91.01",
        "Red onions | 1.083 | 2.16
         Cat food | 4 | 6.4
         Penne | 1 | 1.79
         Potato | 2.18 | 80.66
         total 91.01",
    );
}

#[test]
fn article_codes_and_unit_prices_are_no_names() {
    check(
        "SHOP
         236610 Wood screws 3.67  14.68
         Eggs x12  4.19
         Total  18.87",
        "Wood screws | 4 | 14.68
         Eggs x12 | 1 | 4.19
         total 18.87",
    );
}

#[test]
fn a_table_of_rates_gives_the_tax() {
    check(
        "SHOP
         Soap  101.00 18
         Total  101.00
         Rate  Net  Tax  Gross
         18%  85.59  15.41  101.00",
        "Soap | 1 | 101
         tax 15.41
         total 101",
    );
}
