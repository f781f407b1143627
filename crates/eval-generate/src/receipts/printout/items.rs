//! The goods, in the till's layout, and their labels.

use serde_json::{Value, json};

use super::{Cell, Printer, Size, fit};
use crate::{
    money::MoneyFormat,
    receipts::{
        sale::{Item, ItemKind},
        style::ItemLayout,
    },
};

impl Printer<'_> {
    /// Prints all goods and returns their labels.
    pub(super) fn items(&mut self) -> Vec<Value> {
        self.rule();
        self.table_head();
        let sale = self.sale;
        let labels = sale.items.iter().map(|item| self.item(item)).collect();
        if sale.shown.torn() {
            return labels;
        }
        self.rule();
        labels
    }

    fn table_head(&mut self) {
        let [name, quantity, price, amount] = &self.sale.language.table_head;
        let columns = self.style.columns;
        let [name, quantity, price, amount] = [name, quantity, price, amount].map(|word| self.letters(word));
        match self.style.layout {
            ItemLayout::Table => {
                let [at_quantity, at_price] = table_columns(columns);
                let cells = vec![
                    Cell::left(name, 0),
                    Cell::right(quantity, at_quantity),
                    Cell::right(price, at_price),
                    Cell::right(amount, columns),
                ];
                self.cells(cells, Size::Bold);
                self.rule();
            }
            ItemLayout::TwoLines if columns < 42 => {
                self.cells(vec![Cell::left(name, 0), Cell::right(amount, columns)], Size::Normal);
            }
            _ => {}
        }
    }

    fn item(&mut self, item: &Item) -> Value {
        let name = match item.kind {
            ItemKind::Good | ItemKind::Deposit => self.good(item),
            ItemKind::Discount | ItemKind::Void => self.reduction(item),
        };
        let format = self.sale.country.format();
        let thousandths = MoneyFormat { decimals: 3, ..format };
        json!({"name": name, "quantity": thousandths.json(item.quantity), "price": format.json(item.price)})
    }

    fn good(&mut self, item: &Item) -> String {
        let name = self.letters(&item.name);
        let counted = item.quantity != 1_000 || item.by_weight;
        match self.style.layout {
            ItemLayout::QuantityBelow => {
                let name = self.priced(0, name, item);
                self.calculation(item, counted);
                name
            }
            ItemLayout::QuantityAbove => {
                self.calculation(item, counted);
                self.priced(0, name, item)
            }
            ItemLayout::ArticleNumber => {
                let number = self.digits("######");
                let start = number.len() + 1;
                self.cells(vec![Cell::left(number, 0)], Size::Normal);
                let name = self.priced(start, name, item);
                self.join_last_two();
                self.calculation(item, counted);
                name
            }
            ItemLayout::QuantityFirst => self.counted_first(name, item, ""),
            ItemLayout::TimesFirst => self.counted_first(name, item, "x"),
            ItemLayout::Table => self.table_row(&name, item),
            ItemLayout::TwoLines => {
                let name = fit(&name, self.style.columns);
                self.cells(vec![Cell::left(name.clone(), 0)], Size::Normal);
                self.calculated_row(item);
                name
            }
        }
    }

    /// Discounts and voids have no quantity column; some tills indent them.
    fn reduction(&mut self, item: &Item) -> String {
        let indent = match self.style.layout {
            ItemLayout::QuantityBelow | ItemLayout::QuantityAbove => 2,
            ItemLayout::ArticleNumber => 7,
            ItemLayout::QuantityFirst => 2,
            ItemLayout::TimesFirst => 3,
            ItemLayout::Table | ItemLayout::TwoLines => 0,
        };
        let name = self.letters(&item.name);
        self.priced(indent, name, item)
    }

    /// Name, price and tax code in one line; returns the name as it fitted.
    fn priced(&mut self, start: usize, name: String, item: &Item) -> String {
        let columns = self.style.columns;
        let price = self.amount(self.style.line_money, item.price);
        let (price_end, code) = self.code(item.class);
        let room = price_end.saturating_sub(price.chars().count() + start + 1);
        let name = fit(&name, room);
        let mut cells = vec![Cell::left(name.clone(), start), Cell::right(price, price_end)];
        if !code.is_empty() {
            cells.push(Cell::right(code, columns));
        }
        self.cells(cells, Size::Normal);
        name
    }

    /// Where prices end, and the tax code behind them.
    fn code(&self, class: char) -> (usize, String) {
        let columns = self.style.columns;
        if !self.style.codes || self.style.layout == ItemLayout::Table {
            return (columns, String::new());
        }
        let codes = self.sale.regime.rates.iter().map(|rate| rate.code.len());
        let widest = codes.max().unwrap_or_default();
        let end = if widest == 0 { columns } else { columns - widest - 1 };
        (end, self.sale.regime.rate(class).code.clone())
    }

    /// `2 x 1,99` in a line of its own.
    fn calculation(&mut self, item: &Item, counted: bool) {
        if !counted {
            return;
        }
        let text = format!("{} {} {}", self.quantity(item), self.style.times, self.bare(item.unit_price));
        let text = if item.by_weight { format!("{text}/kg") } else { text };
        self.cells(vec![Cell::left(self.letters(&text), 3)], Size::Normal);
    }

    /// `2 x 1,99   3,98`: the second of two lines.
    fn calculated_row(&mut self, item: &Item) {
        let text = format!("{} {} {}", self.quantity(item), self.style.times, self.bare(item.unit_price));
        let text = self.letters(&text);
        let price = self.amount(self.style.line_money, item.price);
        let (price_end, code) = self.code(item.class);
        let mut cells = vec![Cell::left(text, 4), Cell::right(price, price_end)];
        if !code.is_empty() {
            cells.push(Cell::right(code, self.style.columns));
        }
        self.cells(cells, Size::Normal);
    }

    fn counted_first(&mut self, name: String, item: &Item, times: &str) -> String {
        if item.by_weight {
            let name = self.priced(0, name, item);
            self.calculation(item, true);
            return name;
        }
        let quantity = format!("{}{times}", item.quantity / 1_000);
        let start = quantity.len() + 1;
        self.cells(vec![Cell::left(quantity, 0)], Size::Normal);
        let name = self.priced(start, name, item);
        self.join_last_two();
        name
    }

    fn table_row(&mut self, name: &str, item: &Item) -> String {
        let columns = self.style.columns;
        let [at_quantity, at_price] = table_columns(columns);
        let quantity = self.quantity(item).replace(" kg", "");
        let name = fit(name, at_quantity - 6);
        let cells = vec![
            Cell::left(name.clone(), 0),
            Cell::right(quantity, at_quantity),
            Cell::right(self.bare(item.unit_price), at_price),
            Cell::right(self.bare(item.price), columns),
        ];
        self.cells(cells, Size::Normal);
        name
    }

    fn quantity(&self, item: &Item) -> String {
        let format = MoneyFormat { decimals: 3, group_mark: "", ..self.sale.country.format() };
        if item.by_weight {
            format!("{} kg", format.plain(item.quantity))
        } else {
            (item.quantity / 1_000).to_string()
        }
    }

    /// Puts the last two lines beside each other.
    fn join_last_two(&mut self) {
        if let (Some(super::Line::Cells(second, size)), Some(super::Line::Cells(mut first, _))) =
            (self.lines.pop(), self.lines.pop())
        {
            first.extend(second);
            self.cells(first, size);
        }
    }
}

/// Where quantity and price end in a table; the amount ends at the edge.
fn table_columns(columns: usize) -> [usize; 2] {
    [columns - 20, columns - 10]
}
