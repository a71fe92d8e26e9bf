//! Decimals whose bytes sort as the numbers do: how a range key of type N is written.
//!
//! One byte says sign and exponent (five where the exponent is large), then ten bits carry three
//! digits each, 000 as 12 and 999 as 1011; 0, 1 or 2 ends the digits and says how many of the last
//! three count. A negative number's digits are complemented.

use super::decimal::Decimal;
use crate::error::DecodeError;

/// The exponents, of `0.d1d2d3…`, that fit into the one byte.
const SHORT: std::ops::Range<i32> = -0x3e..0x3e;

/// What three digits are moved by: up for a positive number, down from for a negative one.
const UP: u32 = 12;
const DOWN: u32 = 999 + 12;

pub(crate) fn encode(decimal: Decimal) -> Vec<u8> {
    let Decimal { mantissa, exponent } = decimal.normalized();
    if mantissa == 0 {
        return vec![0x80];
    }
    let negative = mantissa < 0;
    let mut digits = mantissa.unsigned_abs().to_string();
    let exponent = exponent + digits.len() as i32;
    let mut bytes = head(negative, exponent);
    let ending = match digits.len() % 3 {
        1 => 0,
        2 => 1,
        _ => 2,
    };
    digits.push_str(&"0".repeat(2 - ending));
    let groups = digits.as_bytes().chunks(3).map(|three| {
        let value = three
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        if negative { DOWN - value } else { UP + value }
    });
    let ending = ending as u32;
    let ending = if negative { 1023 - ending } else { ending };
    let (mut waiting, mut bits) = (0u32, 0);
    for group in groups.chain([ending]) {
        waiting = waiting << 10 | group;
        bits += 10;
        while bits >= 8 {
            bits -= 8;
            bytes.push((waiting >> bits) as u8);
        }
        waiting &= (1 << bits) - 1;
    }
    if bits > 0 {
        bytes.push((waiting << (8 - bits)) as u8);
    }
    bytes
}

fn head(negative: bool, exponent: i32) -> Vec<u8> {
    let far = exponent as u32;
    let (short, mark, far) = match (negative, exponent < 0) {
        (false, below) => (
            0xc0 + exponent,
            if below { 0x81 } else { 0xfe },
            far ^ 0x8000_0000,
        ),
        (true, below) => (
            0x3f - exponent,
            if below { 0x7e } else { 0x01 },
            far ^ 0x7fff_ffff,
        ),
    };
    if SHORT.contains(&exponent) {
        return vec![short as u8];
    }
    let mut bytes = vec![mark];
    bytes.extend(far.to_be_bytes());
    bytes
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Decimal, DecodeError> {
    read(bytes).ok_or(DecodeError("a range key is no sortable decimal"))
}

fn read(bytes: &[u8]) -> Option<Decimal> {
    let (&first, mut rest) = bytes.split_first()?;
    if matches!(first, 0x7f | 0x80) {
        return rest.is_empty().then_some(Decimal {
            mantissa: 0,
            exponent: 0,
        });
    }
    let negative = first < 0x80;
    let exponent = match first {
        0x01 | 0x7e | 0x81 | 0xfe => {
            let (far, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            let mask = if negative { 0x7fff_ffff } else { 0x8000_0000 };
            (u32::from_be_bytes(*far) ^ mask) as i32
        }
        _ if negative => 0x3f - i32::from(first),
        _ => i32::from(first) - 0xc0,
    };
    let mut mantissa: i128 = 0;
    let mut digits = 0;
    let mut last: Option<u32> = None;
    let (mut waiting, mut bits) = (0u32, 0);
    for byte in rest {
        waiting = waiting << 8 | u32::from(*byte);
        bits += 8;
        if bits < 10 {
            continue;
        }
        bits -= 10;
        let group = waiting >> bits;
        waiting &= (1 << bits) - 1;
        let ending = if negative { 1023 - group } else { group };
        if ending <= 2 {
            // The last group of ten bits is 0, 1 or 2: one less than how many of the three digits in
            // the group before it belong to the number.
            let count = ending + 1;
            let digits_of_last = last? / 10u32.pow(2 - ending);
            mantissa = shifted(mantissa, count, digits_of_last)?;
            digits += count as i32;
            let exponent = exponent.checked_sub(digits)?;
            let mantissa = if negative { -mantissa } else { mantissa };
            return Some(Decimal { mantissa, exponent });
        }
        if let Some(last) = last {
            mantissa = shifted(mantissa, 3, last)?;
            digits += 3;
        }
        let value = if negative {
            DOWN.checked_sub(group)?
        } else {
            group.checked_sub(UP)?
        };
        last = Some(value).filter(|value| *value <= 999);
        last?;
    }
    None
}

/// The mantissa with more digits; `None` if it has more than DynamoDB's numbers.
fn shifted(mantissa: i128, count: u32, digits: u32) -> Option<i128> {
    mantissa
        .checked_mul(10i128.pow(count))?
        .checked_add(digits.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the Python client writes.
    const KNOWN: [(&str, &str); 20] = [
        ("0", "80"),
        ("1", "c11c0000"),
        ("-1", "3ee3fff0"),
        ("1.5", "c1288010"),
        ("150", "c3288010"),
        ("-150", "3cd77fe0"),
        ("0.001", "be1c0000"),
        ("123456789", "c921dd4c8402"),
        ("-0.00012345", "42de231ff8"),
        ("1e100", "fe800000651c0000"),
        ("-1e100", "017fffff9ae3fff0"),
        ("1e-100", "817fffff9d1c0000"),
        (
            "99999999999999999999999999999999999999",
            "e6fcff3fcff3fcff3fcff3fcff3fcff3fa8010",
        ),
        ("9.9e62", "fe8000003ffa8010"),
        ("1e61", "fe8000003e1c0000"),
        ("1e62", "fe8000003f1c0000"),
        ("1e-62", "831c0000"),
        ("1e-63", "821c0000"),
        ("1e-64", "817fffffc11c0000"),
        ("12.3", "c221c020"),
    ];

    /// 150 and -150 aside: the Python client keeps the zero at a number's end, so that its 150 and
    /// its 1.5E2 are different keys. Ours are one, as DynamoDB's are.
    #[test]
    fn decimals_are_written_as_the_python_client_writes_them() {
        for (number, expected) in KNOWN {
            let bytes = encode(Decimal::parse(number).unwrap());
            assert_eq!(hex::encode(&bytes), expected, "{number}");
        }
    }

    #[test]
    fn more_digits_than_a_number_has_are_refused() {
        // Found by the fuzzer: thirty times three digits and no end.
        assert!(decode(&[0xc1].into_iter().chain([0x5a; 40]).collect::<Vec<_>>()).is_err());
    }

    #[test]
    fn decimals_come_back() {
        for (number, _) in KNOWN {
            let decimal = Decimal::parse(number).unwrap();
            let read = decode(&encode(decimal)).unwrap();
            assert_eq!(read.normalized(), decimal.normalized(), "{number}");
        }
    }
}
