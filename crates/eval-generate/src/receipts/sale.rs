//! What happened at the till: goods, taxes, payment, and the sums that must hold.

use super::catalogue::{CATALOGUE, Country, Good, Goods, Language, Regime, TaxMode};
use crate::{calendar::Date, money::divide, rng::Rng};

/// One purchase. All amounts are in the smallest unit of the country's money.
#[derive(Debug, Clone)]
pub struct Sale {
    /// Where.
    pub country: &'static Country,
    /// In which words.
    pub language: &'static Language,
    /// `grocery`, `restaurant` or `shop`.
    pub kind: &'static str,
    /// The invented store.
    pub store: String,
    /// When.
    pub date: Date,
    /// Minutes since midnight.
    pub minutes: u16,
    /// In the order of the till.
    pub items: Vec<Item>,
    /// How tax is taken.
    pub regime: &'static Regime,
    /// Whether prices contain tax.
    pub mode: TaxMode,
    /// One entry per tax that applied.
    pub taxes: Vec<Tax>,
    /// Sum of the items.
    pub subtotal: i64,
    /// 0 if none was given.
    pub tip: i64,
    /// What was paid.
    pub total: i64,
    /// How it was paid.
    pub payment: Payment,
    /// What the till prints of all this.
    pub shown: Shown,
}

/// A line of the receipt that has an amount.
#[derive(Debug, Clone)]
pub struct Item {
    /// As the catalogue spells it.
    pub name: String,
    /// Thousandths, so that kilograms fit.
    pub quantity: i64,
    /// Sold by the kilogram.
    pub by_weight: bool,
    /// For one piece or kilogram.
    pub unit_price: i64,
    /// For all of it; negative for discounts and voids.
    pub price: i64,
    /// Tax class.
    pub class: char,
    /// What kind of line.
    pub kind: ItemKind,
}

/// What an item line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Something bought.
    Good,
    /// A deposit on the bottle above.
    Deposit,
    /// Money off.
    Discount,
    /// An earlier line taken back.
    Void,
}

/// One tax of the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// Its name.
    pub name: String,
    /// The code behind the prices that it applies to.
    pub code: String,
    /// Thousandths of a percent.
    pub rate: i64,
    /// What it is taken from: without tax.
    pub net: i64,
    /// The tax.
    pub amount: i64,
}

/// How a sale was paid.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The label: `cash`, `card`, `mobile` or `voucher`.
    pub method: &'static str,
    /// As printed.
    pub word: String,
    /// Cash handed over; equals the total otherwise.
    pub tendered: i64,
}

/// What is printed; the rest is labelled as absent.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    pub store: bool,
    pub date: bool,
    pub subtotal: bool,
    pub tax: bool,
    pub total: bool,
    pub payment: bool,
}

impl Sale {
    /// Draws a sale. `variety` is the share of unusual traits in percent: 100 is what a shoe box of receipts holds.
    pub fn draw(rng: &mut Rng, country: &'static Country, variety: usize) -> Self {
        let language = &CATALOGUE.language[&country.language];
        let goods = *rng.pick(&CATALOGUE.goods_of(country));
        let form = rng.pick(&goods.forms);
        let store = form.replace("{}", rng.pick(&country.names).as_str());
        let date = Date::draw(rng, 2022, 2025);
        let minutes = u16::try_from(rng.whole(7 * 60, 22 * 60)).expect("a minute of the day");
        let regime = rng.pick(&country.taxes);
        let items = Basket { rng, country, language, variety }.fill(goods);
        let subtotal = items.iter().map(|item| item.price).sum();
        let taxes = taxes(&items, regime);
        let tip = tip(rng, country, &goods.kind, subtotal);
        let added: i64 = match regime.mode {
            TaxMode::Added => taxes.iter().map(|tax| tax.amount).sum(),
            TaxMode::Included => 0,
        };
        let total = subtotal + added + tip;
        let payment = payment(rng, country, language, total);
        let shown = Shown::draw(rng, regime.mode, tip > 0, variety);
        let (kind, mode) = (goods.kind.as_str(), regime.mode);
        Self {
            country,
            language,
            kind,
            store,
            date,
            minutes,
            items,
            regime,
            mode,
            taxes,
            subtotal,
            tip,
            total,
            payment,
            shown,
        }
    }

    /// The sum of all taxes.
    pub fn tax(&self) -> i64 {
        self.taxes.iter().map(|tax| tax.amount).sum()
    }
}

/// A shopper with a basket.
struct Basket<'a> {
    rng: &'a mut Rng,
    country: &'static Country,
    language: &'static Language,
    variety: usize,
}

impl Basket<'_> {
    fn fill(mut self, goods: &'static Goods) -> Vec<Item> {
        let wanted = match self.rng.below(100) {
            0..50 => self.rng.whole(3, 7),
            50..84 => self.rng.whole(8, 14),
            _ => self.rng.whole(15, 27),
        };
        let wanted = usize::try_from(wanted).expect("positive");
        let available = goods.items();
        let chosen: Vec<Good> = self.rng.sample(&available, wanted).into_iter().copied().collect();
        let mut items = Vec::new();
        for good in chosen {
            items.push(self.buy(good, goods.kind == "restaurant"));
            self.follow_up(&mut items);
        }
        if self.rng.chance(self.variety * 16 / 100) {
            self.final_discount(&mut items);
        }
        items
    }

    fn buy(&mut self, good: Good, restaurant: bool) -> Item {
        let unit_price = self.price(good.price);
        let quantity = if good.by_weight {
            self.rng.whole(140, 2_350)
        } else if self.rng.chance(if restaurant { 40 } else { 22 }) {
            self.rng.whole(2, 4) * 1_000
        } else {
            1_000
        };
        let price = self.payable(divide(unit_price * quantity, 1_000));
        let (name, class) = (good.name.to_owned(), good.class);
        Item { name, quantity, by_weight: good.by_weight, unit_price, price, class, kind: ItemKind::Good }
    }

    /// What may come right after a good: a deposit, a discount on it, or its cancellation.
    fn follow_up(&mut self, items: &mut Vec<Item>) {
        let bought = items.last().expect("just bought").clone();
        let bottle = ["wasser", "Wasser", "Pils", "schorle", "läsk", "Mineralvatten", "water"];
        if let Some(deposit) = self.country.deposit
            && bottle.iter().any(|word| bought.name.contains(word))
        {
            let price = deposit * bought.quantity / 1_000;
            let name = self.language.deposit.clone();
            items.push(Item {
                name,
                unit_price: deposit,
                price,
                class: 's',
                kind: ItemKind::Deposit,
                ..bought
            });
        } else if self.rng.chance(self.variety * 7 / 100) {
            items.push(self.discount_on(&bought));
        } else if bought.quantity == 1_000 && !bought.by_weight && self.rng.chance(self.variety * 3 / 100) {
            let name = format!("{} {}", self.rng.pick(&self.language.void), bought.name);
            items.push(Item { name, price: -bought.price, kind: ItemKind::Void, ..bought });
        }
    }

    fn discount_on(&mut self, bought: &Item) -> Item {
        let percent = *self.rng.pick(&[10, 15, 20, 25, 30, 50]);
        let off = self.payable(divide(bought.price * percent, 100)).max(self.least());
        let name = if self.rng.chance(50) {
            self.language.percent_off.replace("{}", &percent.to_string())
        } else {
            self.rng.pick(&self.language.discount).clone()
        };
        discount(name, off, bought.class)
    }

    /// Money off the whole basket; taxed like the class most was spent on.
    fn final_discount(&mut self, items: &mut Vec<Item>) {
        let sum: i64 = items.iter().map(|item| item.price).sum();
        let percent = *self.rng.pick(&[5, 10, 20]);
        let off = self.payable(divide(sum * percent, 100)).max(self.least());
        let name = self.rng.pick(&self.language.discount).clone();
        let spent =
            |class| items.iter().filter(|item| item.class == class).map(|item| item.price).sum::<i64>();
        let class =
            items.iter().map(|item| item.class).max_by_key(|class| spent(*class)).expect("goods were bought");
        items.push(discount(name, off, class));
    }

    /// A price in this country's money, with an ending that shops like.
    fn price(&mut self, base: i64) -> i64 {
        let hundredths = if self.country.format().decimals == 0 { 10_000 } else { 100 };
        #[expect(clippy::cast_possible_truncation, reason = "scales are small decimals")]
        let scale = (self.country.scale * 100.0).round() as i64;
        let price = divide(base * scale * self.rng.whole(80, 125), hundredths * 100);
        let step = self.country.step;
        let price = (divide(price, step) * step).max(step);
        match (step, price) {
            (1, 100..) if self.country.format().decimals == 2 && self.rng.chance(60) => price / 10 * 10 + 9,
            _ => price,
        }
    }

    /// Rounds to what can be paid: Swiss and Australian tills know no single cents.
    fn payable(&self, amount: i64) -> i64 {
        if self.country.step == 5 { divide(amount, 5) * 5 } else { amount }
    }

    fn least(&self) -> i64 {
        if self.country.step == 5 { 5 } else { 1 }
    }
}

fn discount(name: String, off: i64, class: char) -> Item {
    let kind = ItemKind::Discount;
    Item { name, quantity: 1_000, by_weight: false, unit_price: -off, price: -off, class, kind }
}

/// Each tax once, over all classes it applies to.
fn taxes(items: &[Item], regime: &'static Regime) -> Vec<Tax> {
    let mut bases: Vec<(&str, &str, i64, i64)> = Vec::new();
    for item in items {
        let rate = regime.rate(item.class);
        for (name, percent) in rate.parts() {
            match bases.iter_mut().find(|base| base.0 == name && base.2 == percent) {
                Some(base) => base.3 += item.price,
                None => bases.push((name, &rate.code, percent, item.price)),
            }
        }
    }
    bases.retain(|base| base.3 > 0);
    bases
        .into_iter()
        .map(|(name, code, rate, base)| {
            let (net, amount) = match regime.mode {
                TaxMode::Added => (base, divide(base * rate, 100_000)),
                TaxMode::Included => {
                    let amount = divide(base * rate, 100_000 + rate);
                    (base - amount, amount)
                }
            };
            Tax { name: name.to_owned(), code: code.to_owned(), rate, net, amount }
        })
        .collect()
}

fn tip(rng: &mut Rng, country: &Country, kind: &str, subtotal: i64) -> i64 {
    let (chance, step) = match country.code.as_str() {
        "US" | "CA" => (60, 25),
        "JP" | "KR" => (0, 1),
        "IN" => (10, 1_000),
        "SE" => (20, 500),
        "CH" => (25, 50),
        _ => (22, 50),
    };
    if kind != "restaurant" || !rng.chance(chance) {
        return 0;
    }
    let percent = *rng.pick(&[8, 10, 15, 18, 20]);
    (divide(subtotal * percent, 100 * step) * step).max(step)
}

fn payment(rng: &mut Rng, country: &Country, language: &'static Language, total: i64) -> Payment {
    let (method, words) = match rng.below(100) {
        0..34 => ("cash", &language.cash),
        34..80 => ("card", &language.card),
        80..93 => ("mobile", &language.mobile),
        _ => ("voucher", &language.voucher),
    };
    let word = rng.pick(words).clone();
    let tendered = if method == "cash" { handed_over(rng, country, total) } else { total };
    Payment { method, word, tendered }
}

/// The next round sum, sometimes the exact one.
fn handed_over(rng: &mut Rng, country: &Country, total: i64) -> i64 {
    if rng.chance(15) {
        return total;
    }
    let notes: [i64; 3] = match country.currency.as_str() {
        "JPY" => [500, 1_000, 5_000],
        "KRW" => [1_000, 5_000, 10_000],
        "INR" | "SEK" => [5_000, 10_000, 50_000],
        _ => [500, 1_000, 2_000],
    };
    let note = *rng.pick(&notes);
    (total + note - 1) / note * note
}

impl Shown {
    fn draw(rng: &mut Rng, mode: TaxMode, tip: bool, variety: usize) -> Self {
        let mut missing = |percent: usize| rng.chance((percent * variety / 100).min(90));
        let store = !missing(6);
        let date = !missing(7);
        let payment = !missing(12);
        // A torn receipt loses everything below the goods.
        let torn = missing(4);
        let hides = if mode == TaxMode::Added { 8 } else { 60 };
        let subtotal = !torn && (tip || !missing(hides));
        let tax = !torn && (mode == TaxMode::Added || !missing(22));
        Self { store, date, subtotal, tax, total: !torn, payment: payment && !torn }
    }

    /// Whether the lower part of the paper is gone.
    pub fn torn(&self) -> bool {
        !self.total
    }
}

#[cfg(test)]
mod tests;
