//! A record: the tables that a measurement prints, and that the figure is drawn from.

use std::fmt;

/// As wide as the longest name of a row, and two blanks.
const NAMES: usize = 32;
const COLUMN: usize = 11;

/// One table of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// The units of its columns, and what each is.
    pub columns: Vec<String>,
    /// A name and a value for each column; `None` where nothing was measured.
    pub rows: Vec<(String, Vec<Option<f64>>)>,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(title: &str, columns: &[&str]) -> Table {
        Table {
            title: title.to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn add(&mut self, name: &str, values: Vec<Option<f64>>) {
        self.rows.push((name.to_owned(), values));
    }

    /// Adds the column `title`, the ratio of each row's `column` to that of the row `other`; it is
    /// empty where there is no such row.
    #[must_use]
    pub fn with_ratio(mut self, title: &str, column: &str, other: &str) -> Table {
        let other = self.value(other, column);
        let column = self.columns.iter().position(|name| name == column);
        for (_, values) in &mut self.rows {
            let value = column.and_then(|column| values[column]);
            values.push(value.zip(other).map(|(value, other)| value / other));
        }
        self.columns.push(title.to_owned());
        self
    }

    /// The value in the row `name` and the column `column`.
    #[must_use]
    pub fn value(&self, name: &str, column: &str) -> Option<f64> {
        let column = self.columns.iter().position(|other| other == column)?;
        let (_, values) = self.rows.iter().find(|(other, _)| other == name)?;
        *values.get(column)?
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<NAMES$}", self.title)?;
        for column in &self.columns {
            write!(formatter, "{column:>COLUMN$}")?;
        }
        for (name, values) in &self.rows {
            write!(formatter, "\n{name:<NAMES$}")?;
            for value in values {
                // Three digits are as many as a measurement on a shared machine is worth.
                let text = match value {
                    None => "-".to_owned(),
                    Some(value) if *value < 10.0 => format!("{value:.2}"),
                    Some(value) if *value < 100.0 => format!("{value:.1}"),
                    Some(value) => format!("{value:.0}"),
                };
                write!(formatter, "{text:>COLUMN$}")?;
            }
        }
        Ok(())
    }
}

/// The tables of a record: those of its paragraphs that have columns.
#[must_use]
pub fn tables(record: &str) -> Vec<Table> {
    let record = record.replace('\r', "");
    record.split("\n\n").filter_map(table).collect()
}

fn table(block: &str) -> Option<Table> {
    let mut lines = block.trim_matches('\n').lines();
    let (title, columns) = lines.next()?.split_at_checked(NAMES)?;
    let mut table = Table::new(title.trim(), &[]);
    let chars: Vec<char> = columns.chars().collect();
    let columns = chars.chunks(COLUMN).map(String::from_iter);
    table.columns = columns.map(|column| column.trim().to_owned()).collect();
    for line in lines {
        let (name, values) = line.split_at_checked(NAMES)?;
        let values = values.split_whitespace().map(|value| match value {
            "-" => Some(None),
            value => value.parse().ok().map(Some),
        });
        let values = values.collect::<Option<_>>()?;
        table.rows.push((name.trim().to_owned(), values));
    }
    let whole = table.rows.iter();
    let whole = whole.filter(|(_, values)| values.len() == table.columns.len());
    (whole.count() == table.rows.len() && !table.rows.is_empty()).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::{Table, tables};

    #[test]
    fn a_printed_table_is_read_back() {
        let mut table = Table::new("Warm", &["p50 us", "p99 us"]);
        table.add("std only", vec![Some(231.0), Some(45.6)]);
        table.add("Python", vec![Some(1.25), None]);
        let record = format!("2026-11-22, 2 cores\nrustc 1.95.0\n\n{table}\n\n{table}\n");
        assert_eq!(tables(&record), [table.clone(), table.clone()]);
        assert_eq!(table.value("Python", "p50 us"), Some(1.25));
        assert_eq!(table.value("Python", "p99 us"), None);
    }
    #[test]
    fn a_ratio_is_to_the_row_that_is_named() {
        let mut table = Table::new("Warm", &["p50 us", "p99 us"]);
        table.add("std only", vec![Some(2.0), Some(4.0)]);
        table.add("Python", vec![Some(5.0), None]);
        let table = table
            .with_ratio("p50 to std", "p50 us", "std only")
            .with_ratio("p99 to std", "p99 us", "std only")
            .with_ratio("to Node", "p50 us", "Node.js");
        assert_eq!(table.value("Python", "p50 to std"), Some(2.5));
        assert_eq!(table.value("Python", "p99 to std"), None);
        assert_eq!(table.value("Python", "to Node"), None);
        assert_eq!(table.columns.len(), 5);
    }
}
