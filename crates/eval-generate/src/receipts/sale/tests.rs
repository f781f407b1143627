use super::*;

fn sales() -> impl Iterator<Item = Sale> {
    (0..400).map(|index| {
        let mut rng = Rng::for_case("sale", 5, index);
        let country = rng.pick(&CATALOGUE.country);
        Sale::draw(&mut rng, country, 100)
    })
}

#[test]
fn sums_hold_to_the_smallest_coin() {
    for sale in sales() {
        assert_eq!(sale.items.iter().map(|item| item.price).sum::<i64>(), sale.subtotal);
        let added = if sale.mode == TaxMode::Added { sale.tax() } else { 0 };
        assert_eq!(sale.subtotal + added + sale.tip, sale.total);
        assert!(sale.payment.tendered >= sale.total && sale.total > 0);
    }
}

#[test]
fn included_tax_never_exceeds_its_rate() {
    for sale in sales().filter(|sale| sale.mode == TaxMode::Included) {
        for tax in &sale.taxes {
            let exact = tax.net * tax.rate;
            assert!((exact - tax.amount * 100_000).abs() <= 100_000, "{tax:?}");
        }
    }
}

#[test]
fn quantities_and_line_totals_agree() {
    for sale in sales() {
        for item in sale.items.iter().filter(|item| item.kind == ItemKind::Good) {
            let exact = divide(item.unit_price * item.quantity, 1_000);
            assert!((item.price - exact).abs() <= 2, "{item:?}");
        }
    }
}

#[test]
fn every_trait_turns_up() {
    let any = |test: fn(&Sale) -> bool| sales().any(|sale| test(&sale));
    assert!(any(|sale| sale.taxes.len() > 1));
    assert!(any(|sale| sale.tip > 0));
    assert!(any(|sale| sale.items.len() > 20));
    assert!(any(|sale| sale.shown.torn()));
    for kind in [ItemKind::Deposit, ItemKind::Discount, ItemKind::Void] {
        assert!(sales().any(|sale| sale.items.iter().any(|item| item.kind == kind)), "{kind:?}");
    }
}
