use super::*;
use crate::{
    calendar::Date,
    receipts::{catalogue::CATALOGUE, sale::ItemKind},
};

struct Printed {
    sale: Sale,
    style: Style,
    printout: Printout,
}

fn printed() -> impl Iterator<Item = Printed> {
    (0..600).map(|index| {
        let mut rng = Rng::for_case("printout", 7, index);
        let country = rng.pick(&CATALOGUE.country);
        let sale = Sale::draw(&mut rng, country, 150);
        let style = Style::draw(&mut rng, &sale);
        let printout = Printout::new(&sale, &style, &mut rng);
        Printed { sale, style, printout }
    })
}

impl Printed {
    #[track_caller]
    fn shows(&self, text: &str) {
        assert!(self.printout.text().contains(text), "{text:?} is not on\n{}", self.printout.text());
    }

    #[track_caller]
    fn shows_no_word(&self, words: &[String]) {
        let text = self.printout.text();
        for line in text.lines() {
            for word in words.iter().map(|word| self.letters(word)) {
                let rest = line.strip_prefix(&word);
                let whole = rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic));
                assert!(!whole, "{word:?} is on\n{text}");
            }
        }
    }

    fn letters(&self, text: &str) -> String {
        let text = if self.style.capitals { text.to_uppercase() } else { text.to_owned() };
        if self.style.ascii { fold(&text) } else { text }
    }

    fn money(&self, amount: i64) -> String {
        self.sale.country.format().plain(amount)
    }

    /// As the right column of the goods shows it.
    #[track_caller]
    fn shows_line_amount(&self, amount: i64) {
        let format = self.sale.country.format();
        let written =
            ["{}", self.style.line_money].map(|template| match (amount < 0, self.style.trailing_minus) {
                (true, true) => format!("{}-", format.with(template, -amount)),
                _ => format.with(template, amount),
            });
        let text = self.printout.text();
        let shown = written.iter().any(|written| text.contains(written));
        assert!(shown, "{written:?} is not on\n{text}");
    }

    fn weight(&self, thousandths: i64) -> String {
        let format = self.sale.country.format();
        crate::money::MoneyFormat { decimals: 3, group_mark: "", ..format }.plain(thousandths)
    }
}

#[test]
fn every_labelled_value_is_printed() {
    for case in printed() {
        let label = &case.printout.label;
        if let Some(store) = label["store"].as_str() {
            case.shows(store);
        }
        if !label["date"].is_null() {
            let date: Date = case.sale.date;
            assert_eq!(label["date"], date.iso());
            case.shows(&case.letters(&date.format(case.style.date, &case.sale.country.language)));
        }
        for (item, printed) in case.sale.items.iter().zip(label["items"].as_array().unwrap()) {
            case.shows(printed["name"].as_str().unwrap());
            case.shows_line_amount(item.price);
            if item.quantity != 1_000 {
                let shown = if item.by_weight {
                    case.weight(item.quantity)
                } else {
                    (item.quantity / 1_000).to_string()
                };
                case.shows(&shown);
            }
        }
        for (field, amount) in
            [("subtotal", case.sale.subtotal), ("tip", case.sale.tip), ("total", case.sale.total)]
        {
            if !label[field].is_null() {
                case.shows(&case.money(amount));
                assert_eq!(label[field], case.sale.country.format().json(amount));
            }
        }
        if !label["tax"].is_null() {
            case.sale.taxes.iter().for_each(|tax| case.shows(&case.money(tax.amount)));
        }
        if !label["payment_method"].is_null() {
            case.shows(&case.letters(&case.sale.payment.word));
        }
    }
}

#[test]
fn what_is_labelled_absent_is_not_printed() {
    for case in printed() {
        let (label, language) = (&case.printout.label, case.sale.language);
        let text = case.printout.text();
        if label["store"].is_null() {
            assert!(!text.to_lowercase().contains(&case.sale.store.to_lowercase()), "{text}");
        }
        if label["date"].is_null() {
            for pattern in &case.sale.country.dates {
                let date = case.sale.date.format(pattern, &case.sale.country.language);
                assert!(!text.contains(&case.letters(&date)), "{date} is on\n{text}");
            }
        }
        if label["subtotal"].is_null() {
            case.shows_no_word(&language.subtotal);
        }
        if label["tip"].is_null() {
            let tips = text.lines().filter(|line| line.to_lowercase().starts_with("tip"));
            assert!(tips.into_iter().all(|line| line.trim_end().len() == 3), "{text}");
        }
        if label["total"].is_null() {
            case.shows_no_word(&language.total);
        }
        if label["payment_method"].is_null() {
            for words in [&language.cash, &language.card, &language.mobile, &language.voucher] {
                case.shows_no_word(words);
            }
        }
    }
}

#[test]
fn no_line_is_wider_than_the_paper_and_no_cells_overlap() {
    for case in printed() {
        for line in &case.printout.lines {
            match line {
                Line::Centre(text, Size::Large) => {
                    assert!(text.chars().count() * 2 <= case.style.columns, "{text}");
                }
                Line::Centre(text, _) => assert!(text.chars().count() <= case.style.columns, "{text}"),
                Line::Cells(cells, _) => {
                    let mut end = 0;
                    for cell in cells {
                        let length = cell.text.chars().count();
                        let start =
                            if cell.right { cell.at.checked_sub(length).expect(&cell.text) } else { cell.at };
                        assert!(start >= end, "{cells:?} overlap in\n{}", case.printout.text());
                        end = start + length + usize::from(length > 0);
                    }
                    assert!(end <= case.style.columns + 1, "{cells:?}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn printed_sums_hold() {
    for case in printed() {
        let label = &case.printout.label;
        let cents = |value: &Value| (value.as_f64().unwrap() * 100.0).round();
        let items: f64 = label["items"].as_array().unwrap().iter().map(|item| cents(&item["price"])).sum();
        if !label["subtotal"].is_null() {
            assert_eq!(cents(&label["subtotal"]), items);
        }
        if !label["total"].is_null() {
            let added = if case.sale.mode == TaxMode::Added && !label["tax"].is_null() {
                cents(&label["tax"])
            } else {
                0.0
            };
            let tip = if label["tip"].is_null() { 0.0 } else { cents(&label["tip"]) };
            assert_eq!(items + added + tip, cents(&label["total"]));
        }
    }
}

#[test]
fn torn_receipts_end_with_the_goods() {
    let torn: Vec<Printed> = printed().filter(|case| case.printout.torn).collect();
    assert!(!torn.is_empty());
    for case in torn {
        for field in ["subtotal", "tax", "tip", "total", "payment_method"] {
            assert!(case.printout.label[field].is_null(), "{field}");
        }
    }
}

#[test]
fn same_seed_same_printout() {
    for (first, second) in printed().zip(printed()).take(20) {
        assert_eq!(first.printout.lines, second.printout.lines);
    }
}

#[test]
fn voids_and_discounts_are_items_with_negative_prices() {
    for case in printed() {
        for (item, label) in case.sale.items.iter().zip(case.printout.label["items"].as_array().unwrap()) {
            let reduces = matches!(item.kind, ItemKind::Discount | ItemKind::Void);
            assert_eq!(label["price"].as_f64().unwrap() < 0.0, reduces, "{label}");
        }
    }
}

#[test]
fn a_whole_receipt_reads_well() {
    let case = printed().nth(3).unwrap();
    insta::assert_snapshot!(format!("{}\n---\n{:#}", case.printout.text(), case.printout.label));
}
