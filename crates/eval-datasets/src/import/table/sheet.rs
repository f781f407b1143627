//! A CSV table as spreadsheets save it, whatever its delimiter.

/// Rows that say which delimiter is meant.
const ENOUGH: usize = 100;

/// The cells of a row, or why it has none.
type Cells<'a> = Result<Vec<&'a str>, String>;

/// A CSV table: its header, and rows with as many cells.
#[derive(Debug)]
pub struct Sheet {
    /// The names of the columns, without blanks around them.
    pub header: Vec<String>,
    pub(super) delimiter: u8,
    text: String,
    skipped: usize,
}

impl Sheet {
    /// Finds out how the rows of `text` are written. A column that `is_known` speaks for the delimiter that makes it.
    ///
    /// # Errors
    /// If there is no header.
    pub fn new(mut text: String, is_known: impl Fn(&str) -> bool) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix('\u{feff}') {
            text = rest.to_owned();
        }
        let mut delimiter = None;
        let mut skipped = 0;
        // Excel's own way to name it.
        if let Some(rest) = text.strip_prefix("sep=")
            && let Some((sign, rest)) = rest.split_once('\n')
            && let [sign] = sign.trim_end_matches('\r').as_bytes()
        {
            delimiter = Some(*sign);
            skipped = 1;
            text = rest.to_owned();
        }
        let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(&text, is_known));
        let header = reader(&text, delimiter).headers().map_err(|error| error.to_string())?.clone();
        let mut header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        // Spreadsheets end lines with delimiters where a column was once.
        while header.len() > 1 && header.last().is_some_and(String::is_empty) {
            header.pop();
        }
        if header.iter().all(String::is_empty) {
            return Err("is empty".to_owned());
        }
        Ok(Self { header, delimiter, text, skipped })
    }

    /// Every row with its line, in the order of the header, or why it is none; empty rows are left out.
    ///
    /// # Errors
    /// The first of `each`.
    pub fn rows<E>(&self, each: &mut dyn FnMut(usize, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut reader = reader(&self.text, self.delimiter);
        let mut record = csv::StringRecord::new();
        let columns = self.header.len();
        // The text is decoded, and rows may be of any length: nothing is left that cannot be read.
        while reader.read_record(&mut record).unwrap_or(false) {
            let line = self.skipped + record.position().map_or(1, |position| line_of(&self.text, position));
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let surplus = record.iter().skip(columns).any(|cell| !cell.trim().is_empty());
            if record.len() < columns || surplus {
                let count = record.len();
                let hint = match record.iter().any(|cell| cell.contains('\n')) {
                    true => "is a quote left open?".to_owned(),
                    false => format!("a cell that holds `{}` needs quotes", char::from(self.delimiter)),
                };
                let (cells, of) = (counted(count, "cell"), counted(columns, "column"));
                each(line, Err(format!("has {cells} for {of}; {hint}")))?;
                continue;
            }
            each(line, Ok(record.iter().take(columns).collect()))?;
        }
        Ok(())
    }
}

/// The line on which a record of `text` begins. Its position may be within the line end of the record before, `\r\n`, or on
/// empty lines.
#[must_use]
pub fn line_of(text: &str, position: &csv::Position) -> usize {
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() as usize + ends.filter(|byte| **byte == b'\n').count()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes())
}

/// The sign by which most of the first rows have as many cells as the header; of several, the one that gives a column a
/// known name, and then the one that makes most columns.
fn guess_delimiter(text: &str, is_known: impl Fn(&str) -> bool) -> u8 {
    let fit = |delimiter: &u8| {
        let mut reader = reader(text, *delimiter);
        let header = reader.headers().cloned().unwrap_or_default();
        let columns = header.len();
        let rows: Vec<usize> = reader.records().take(ENOUGH).flatten().map(|row| row.len()).collect();
        let alike = rows.iter().filter(|len| **len == columns).count();
        // A sentence has commas, too, but not the same number in each row.
        let even = columns > 1 && 10 * alike >= 7 * rows.len();
        (even, header.iter().any(&is_known), columns)
    };
    // Of equals the last is taken.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(fit).unwrap_or(b',')
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::super::names::names_files;
    use super::guess_delimiter;

    #[test]
    fn delimiters_are_told_by_the_rows() {
        for (text, delimiter) in [
            ("file,label\na.png,x\n", ','),
            ("file;total\na.png;1,50\nb.png;2,50\n", ';'),
            ("file\ttotal, net\na.png\t1,5\n", '\t'),
            ("file|files\na|b\n", '|'),
            ("file\na.png\n", ','),
            ("file;text\na.png;\"one, two\nthree\"\nb.png;x\n", ';'),
            ("file,text;more\n\"a.png\",x;y\nb.png,z\n", ','),
        ] {
            assert_eq!(char::from(guess_delimiter(text, names_files)), delimiter, "{text}");
        }
    }
}
