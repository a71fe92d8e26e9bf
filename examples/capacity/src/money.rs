//! Amounts of money that add up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

/// An amount of US dollars, kept as a whole number of a unit in which every price of
/// [`prices`](crate::prices) is whole: 10⁻¹² dollars for what is paid by the million, divided by
/// 2³⁰ for what is paid by the GB. No sum or product is rounded; only what is shown is.
///
/// ```
/// use capacity::money::Money;
///
/// let write = Money::dollars("0.625").for_each(1_000_000);
/// assert_eq!(write * 3, Money::dollars("0.000001875"));
/// assert_eq!((write * 100_000).to_string(), "0.0625");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u128);

/// A dollar, in that unit.
const DOLLAR: u128 = 1_000_000_000_000 << 30;

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// The amount that a price list writes as `text`, such as "0.00065".
    ///
    /// # Panics
    ///
    /// When `text` is no decimal number or has more than twelve decimals. A price is a constant, so
    /// that happens while compiling.
    pub const fn dollars(text: &str) -> Money {
        let digits = text.as_bytes();
        let (mut amount, mut unit, mut after_point, mut at) = (0, DOLLAR, false, 0);
        while at < digits.len() {
            match digits[at] {
                digit @ b'0'..=b'9' => {
                    amount = amount * 10 + (digit - b'0') as u128;
                    if after_point {
                        assert!(unit % 10 == 0, "a price has at most twelve decimals");
                        unit /= 10;
                    }
                }
                b'.' if !after_point => after_point = true,
                _ => panic!("a price is a decimal number"),
            }
            at += 1;
        }
        Money(amount * unit)
    }

    // ANCHOR: each
    /// The price of one thing, when `self` is the price of so many.
    ///
    /// # Panics
    ///
    /// When one thing's price is not whole in the unit of an amount, and would be rounded.
    pub const fn for_each(self, many: u128) -> Money {
        assert!(self.0.is_multiple_of(many), "the price of one is not whole");
        Money(self.0 / many)
    }
    // ANCHOR_END: each

    /// The amount for a drawing, which is not exact.
    pub fn to_dollars(self) -> f64 {
        self.0 as f64 / DOLLAR as f64
    }

    /// How many things of this price an amount pays for.
    pub const fn buys(self, price: Money) -> u128 {
        self.0 / price.0
    }
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl Mul<u64> for Money {
    type Output = Money;

    fn mul(self, many: u64) -> Money {
        Money(self.0 * u128::from(many))
    }
}

/// Dollars with four decimals, rounded half up.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = (self.0 + DOLLAR / 20_000) / (DOLLAR / 10_000);
        f.pad(&format!(
            "{}.{:04}",
            grouped(shown / 10_000),
            shown % 10_000
        ))
    }
}

/// The number with a comma before each three digits.
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_millionths_are_exactly_one() {
        let millionth = Money::dollars("1").for_each(1_000_000);
        let sum: Money = std::iter::repeat_n(millionth, 1_000_000).sum();
        assert_eq!(sum, Money::dollars("1"));
        // What floating point makes of it.
        let floats: f64 = std::iter::repeat_n(1e-6, 1_000_000).sum();
        assert_ne!(floats, 1.0);
    }

    #[test]
    fn amounts_are_shown_with_four_decimals_rounded_half_up() {
        for (amount, shown) in [
            ("0", "0.0000"),
            ("0.00005", "0.0001"),
            ("0.000049999999", "0.0000"),
            ("0.99995", "1.0000"),
            ("1234567.5", "1,234,567.5000"),
        ] {
            assert_eq!(Money::dollars(amount).to_string(), shown);
        }
    }

    #[test]
    #[should_panic(expected = "not whole")]
    fn a_price_that_would_be_rounded_is_refused() {
        let _ = Money::dollars("0.000000000001").for_each(3);
    }

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        let shown = [0_u64, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
    }
}
