//! The columns that an input file may have, and where they stand in one.

use crate::text::clean;

/// A column. The first two are in every file; the others are for those who need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    CustomerId,
    BankCode,
    Ifsc,
    Account,
    Name,
    Vpa,
    GatewayId,
    GatewayReferenceId,
    PreferredGateway,
    Amount,
    RoutingId,
    Reference,
}

impl Column {
    /// All of them, each at its own number, with their names in the header.
    pub(crate) const ALL: [(Self, &str); 12] = [
        (Self::CustomerId, "customer_id"),
        (Self::BankCode, "bank_code"),
        (Self::Ifsc, "ifsc"),
        (Self::Account, "account"),
        (Self::Name, "name"),
        (Self::Vpa, "vpa"),
        (Self::GatewayId, "gateway_id"),
        (Self::GatewayReferenceId, "gateway_reference_id"),
        (Self::PreferredGateway, "preferred_gateway"),
        (Self::Amount, "amount"),
        (Self::RoutingId, "routing_id"),
        (Self::Reference, "reference"),
    ];

    pub(crate) const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| own.eq_ignore_ascii_case(name)).map(|(column, _)| column)
    }
}

/// Which value of a row belongs to which column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// The columns, in the order in which they stand in a row.
    columns: Vec<Column>,
}

impl Header {
    /// Reads the names in the first row of a file.
    ///
    /// # Errors
    /// Everything that is wrong with them. A name is quoted only if there are others that are known: the first row of a
    /// file without a header has account numbers in it.
    pub(crate) fn read(names: &[&str]) -> Result<Self, Vec<String>> {
        let names: Vec<_> = names.iter().map(|name| name.trim()).collect();
        let mut header = Self { columns: Vec::with_capacity(names.len()) };
        // Then this is the whole file, and most of it is no name.
        if names.iter().any(|name| name.contains('\r')) {
            return Err(vec!["its lines end in CR alone; accepted: LF or CRLF".to_owned()]);
        }
        let mut problems = Vec::new();
        let is_header = names.iter().any(|name| Column::of_name(name).is_some());
        for (name, place) in names.iter().zip(0..) {
            let Some(column) = Column::of_name(name) else {
                if is_header {
                    let name = if name.is_empty() { "without a name".to_owned() } else { format!("`{}`", clean(name)) };
                    problems.push(format!("column {}, {name}, is not known", place + 1));
                }
                continue;
            };
            header.columns.push(column);
            let first = names.iter().position(|name| Column::of_name(name) == Some(column)).unwrap_or(place);
            if first < place {
                problems.push(format!("columns {} and {} are both `{}`", first + 1, place + 1, column.name()));
            }
        }
        if !is_header {
            let is_one = names.len() == 1 && names.iter().any(|name| name.contains([';', '\t', '|']));
            let hint = if is_one { " (values are separated by commas)" } else { "" };
            problems.push(format!("this is no header: not one name in it is that of a column{hint}"));
        } else if let Err(missing) = header.complete() {
            problems.push(missing);
        }
        if let Some(last) = problems.last_mut() {
            last.push_str("; accepted: ");
            last.push_str(&Column::ALL.map(|(_, name)| name).join(", "));
            return Err(problems);
        }
        Ok(header)
    }

    fn complete(&self) -> Result<(), String> {
        let lacks = |columns: &[Column]| {
            let missing: Vec<_> =
                columns.iter().filter(|column| !self.has(**column)).map(|column| column.name()).collect();
            if missing.is_empty() { None } else { Some(missing.join(" and ")) }
        };
        if let Some(missing) = lacks(&[Column::CustomerId, Column::BankCode]) {
            return Err(format!("there is no column {missing}, which every file has"));
        }
        match lacks(&[Column::Ifsc, Column::Account]) {
            Some(_) if self.has(Column::Vpa) && !self.has(Column::Ifsc) && !self.has(Column::Account) => Ok(()),
            Some(missing) => {
                let or = if self.has(Column::Vpa) { "" } else { ", or else vpa" };
                Err(format!("there is no column {missing} for bank accounts{or}"))
            }
            None => Ok(()),
        }
    }

    fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }

    /// Which column stands there.
    pub(crate) fn column(&self, place: usize) -> Option<Column> {
        self.columns.get(place).copied()
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name()).collect()
    }

    /// How many values a row has.
    pub(crate) fn values(&self) -> usize {
        self.columns.len()
    }
}

#[cfg(test)]
mod tests;
