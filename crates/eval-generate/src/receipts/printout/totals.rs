//! Everything between the last good and the farewell: sums, taxes, tip, payment.

use super::{Cell, Line, Printer, Size};
use crate::{money::MoneyFormat, receipts::sale::Tax};

impl Printer<'_> {
    pub(super) fn totals(&mut self) {
        let (sale, language) = (self.sale, self.sale.language);
        if sale.shown.subtotal {
            let word = self.word(&language.subtotal);
            let amount = self.bare(sale.subtotal);
            self.pair(&word, &amount, Size::Normal);
        }
        if self.tax_is_added() {
            self.added_taxes();
        }
        if self.handwritten {
            self.slip_with_pen();
        } else {
            if sale.tip > 0 {
                let word = self.word(&language.tip);
                let amount = self.bare(sale.tip);
                self.pair(&word, &amount, Size::Normal);
            }
            self.total();
            self.paid();
        }
        if !self.tax_is_added() && sale.shown.tax && !sale.taxes.is_empty() {
            self.rule();
            if self.style.tax_table { self.tax_table() } else { self.tax_lines() }
        }
        self.extras();
    }

    fn total(&mut self) {
        let word = self.word(&self.sale.language.total);
        // "SUMA PLN" already names the currency.
        let named = ["PLN", "EURO", "R$"].iter().any(|currency| word.ends_with(currency));
        let amount = self.amount(if named { "{}" } else { self.style.total_money }, self.sale.total);
        let length = word.chars().count() + amount.chars().count() + 1;
        let fits = length * 2 <= self.style.columns;
        let size = match self.rng.below(4) {
            0 if fits => Size::Large,
            0 | 1 => Size::Tall,
            2 => Size::Bold,
            _ => Size::Normal,
        };
        self.pair(&word, &amount, size);
    }

    /// Subtotal so far, then tip and total to be filled in by the guest.
    fn slip_with_pen(&mut self) {
        let (sale, format) = (self.sale, self.sale.country.format());
        let amount = self.bare(sale.total - sale.tip);
        self.pair("Amount", &amount, Size::Bold);
        let card = sale.payment.word.clone();
        let number = self.digits("************####");
        self.pair(&card, &number, Size::Normal);
        for (word, value) in [("Tip", sale.tip), ("Total", sale.total)] {
            self.gap();
            let word = self.letters(word);
            self.lines.push(Line::Pen { word, written: format.plain(value) });
        }
        self.gap();
    }

    fn added_taxes(&mut self) {
        let with_rate = self.rng.chance(60);
        for tax in &self.sale.taxes {
            let named = tax.name.contains('%') || !with_rate;
            let word =
                if named { tax.name.clone() } else { format!("{} {}", tax.name, self.rate(tax, false)) };
            let amount = self.bare(tax.amount);
            self.pair(&word, &amount, Size::Normal);
        }
    }

    fn tax_lines(&mut self) {
        for tax in &self.sale.taxes {
            let (language, rate) = (self.sale.language, self.rate(tax, false));
            let word = language.included.replacen("{}", &tax.name, 1).replacen("{}", &rate, 1);
            let amount = self.bare(tax.amount);
            self.pair(&word, &amount, Size::Normal);
        }
        if self.sale.taxes.len() > 1
            && let Some(word) = &self.sale.country.tax_total
            && self.rng.chance(60)
        {
            let amount = self.bare(self.sale.tax());
            self.pair(word, &amount, Size::Normal);
        }
    }

    fn tax_table(&mut self) {
        let columns = self.style.columns;
        let ends = [columns * 52 / 100, columns * 75 / 100, columns];
        let head = self.sale.language.tax_head.clone().map(|word| self.letters(&word));
        let row = |first: String, rest: [String; 3]| {
            let mut cells = vec![Cell::left(first, 0)];
            cells.extend(rest.into_iter().zip(ends).map(|(text, end)| Cell::right(text, end)));
            cells
        };
        let [first, net, tax, gross] = head;
        self.cells(row(first, [net, tax, gross]), Size::Normal);
        let decimals = self.rng.chance(50);
        for tax in &self.sale.taxes {
            let rate = self.rate(tax, decimals);
            let word =
                if self.style.codes && tax.code.len() == 1 { format!("{} {rate}", tax.code) } else { rate };
            let amounts = [tax.net, tax.amount, tax.net + tax.amount].map(|amount| self.bare(amount));
            self.cells(row(word, amounts), Size::Normal);
        }
    }

    /// How it was paid, with change.
    fn paid(&mut self) {
        let (sale, language) = (self.sale, self.sale.language);
        if !sale.shown.payment {
            return;
        }
        if self.rng.chance(40) {
            self.gap();
        }
        let amount = self.bare(sale.payment.tendered);
        self.pair(&sale.payment.word, &amount, Size::Normal);
        if sale.payment.method == "cash" {
            let word = self.word(&language.change);
            let amount = self.bare(sale.payment.tendered - sale.total);
            self.pair(&word, &amount, Size::Normal);
        }
        if sale.payment.method == "card" && self.rng.chance(45) {
            self.card_slip();
        }
        self.blank_tip();
    }

    fn card_slip(&mut self) {
        let Ok([approved, card, code, terminal, contactless, copy]) =
            <[String; 6]>::try_from(self.sale.language.card_slip.clone())
        else {
            return;
        };
        self.rule();
        let (number, auth, id) =
            (self.digits("**** **** **** ####"), self.digits("######"), self.digits("5########"));
        self.pair(&card, &number, Size::Normal);
        self.pair(&code, &auth, Size::Normal);
        if self.rng.chance(60) {
            self.pair(&terminal, &id, Size::Normal);
            self.left("AID A0000000041010");
        }
        if self.rng.chance(50) {
            self.left(&contactless);
        }
        self.centre(&approved, Size::Bold);
        if self.rng.chance(40) {
            self.centre(&copy, Size::Normal);
        }
    }

    /// American slips ask for a tip: lines left blank, or suggestions that were not taken.
    fn blank_tip(&mut self) {
        let sale = self.sale;
        if sale.country.code != "US" || sale.kind != "restaurant" || sale.tip > 0 || !self.rng.chance(60) {
            return;
        }
        self.gap();
        if self.rng.chance(50) {
            let word = self.letters("Tip");
            self.lines.push(Line::Pen { word, written: String::new() });
            return;
        }
        self.centre("Suggested gratuity", Size::Normal);
        for percent in [18, 20, 22] {
            let amount = crate::money::divide(sale.subtotal * percent, 100);
            let amount = self.bare(amount);
            self.pair(&format!("{percent}%"), &amount, Size::Normal);
        }
    }

    /// Numbers that are none of the sums, as on every real receipt.
    fn extras(&mut self) {
        let (sale, language) = (self.sale, self.sale.language);
        let goods = sale.items.iter().filter(|item| item.price > 0).count();
        let saved: i64 = sale.items.iter().filter(|item| item.price < 0).map(|item| -item.price).sum();
        if self.rng.chance(30) {
            self.gap();
            self.pair(&language.count, &goods.to_string(), Size::Normal);
        }
        if saved > 0 && self.rng.chance(35) {
            let amount = self.bare(saved);
            self.pair(&language.saved, &amount, Size::Normal);
        }
        if sale.kind == "grocery" && self.rng.chance(20) {
            let points = self.digits("##");
            self.pair(&language.points, points.trim_start_matches('0'), Size::Normal);
        }
    }

    /// `19%`, or `19,00%` with decimals.
    fn rate(&self, tax: &Tax, decimals: bool) -> String {
        let format = MoneyFormat { decimals: 3, group_mark: "", ..self.sale.country.format() };
        let rate = format.plain(tax.rate);
        let short = rate.trim_end_matches('0').trim_end_matches(format.decimal_mark);
        let written = if decimals && tax.rate % 10 == 0 { &rate[..rate.len() - 1] } else { short };
        format!("{written}%")
    }
}
