//! Numbers in English words or in digits, for slots of the type `AMAZON.NUMBER`.
//!
//! The crate `text2num` reads numbers in eight languages, but takes neither digits nor "a hundred",
//! and brings three crates for its automaton and its tables into the module that a reader's browser
//! loads. No starter has a number slot in another language than English.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
/// So many digits always fit a `u32`.
const MOST_DIGITS: usize = 9;

/// The number that the words mean, in digits; `None` for anything else.
pub fn digits(words: &[&str]) -> Option<String> {
    if let [digits] = words
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=MOST_DIGITS).contains(&digits.len())
    {
        let number: u32 = digits.parse().ok()?;
        return Some(number.to_string());
    }
    let words: Vec<&str> = words.iter().flat_map(|word| word.split('-')).collect();
    let thousands = words.iter().position(|word| *word == "thousand");
    let (above, below) = match thousands {
        Some(at) => (hundreds(&words[..at])?, &words[at + 1..]),
        None => (0, words.as_slice()),
    };
    let below = match below {
        [] if thousands.is_some() => 0,
        below => hundreds(below)?,
    };
    Some((above * 1000 + below).to_string())
}

/// "three hundred and twelve", up to 999.
fn hundreds(words: &[&str]) -> Option<u32> {
    match words {
        [count, "hundred"] => Some(one(count)? * 100),
        [count, "hundred", "and", rest @ ..] | [count, "hundred", rest @ ..] => {
            Some(one(count)? * 100 + tens(rest)?)
        }
        ["and", rest @ ..] => tens(rest),
        words => tens(words),
    }
}

fn tens(words: &[&str]) -> Option<u32> {
    let ten = |word: &str| TENS.iter().position(|known| *known == word);
    match words {
        [word] => match ten(word) {
            Some(at) => Some((at as u32 + 2) * 10),
            None => small(word),
        },
        [word, ones] => {
            let ones = one(ones).filter(|ones| *ones > 0)?;
            Some((ten(word)? as u32 + 2) * 10 + ones)
        }
        _ => None,
    }
}

fn small(word: &str) -> Option<u32> {
    let at = ONES.iter().position(|known| *known == word)?;
    Some(at as u32)
}

/// One digit; "a hundred" has one too.
fn one(word: &str) -> Option<u32> {
    match word {
        "a" => Some(1),
        word => small(word).filter(|number| *number < 10),
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    fn heard(said: &str) -> Option<String> {
        digits(&said.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_heard_in_words_and_digits() {
        for (said, number) in [
            ("0", "0"),
            ("50", "50"),
            ("007", "7"),
            ("zero", "0"),
            ("seventeen", "17"),
            ("forty two", "42"),
            ("forty-two", "42"),
            ("a hundred", "100"),
            ("one hundred and one", "101"),
            ("three hundred twelve", "312"),
            ("two thousand", "2000"),
            ("two thousand and seven", "2007"),
            ("twelve thousand three hundred forty five", "12345"),
        ] {
            assert_eq!(heard(said).as_deref(), Some(number), "{said}");
        }
    }

    #[test]
    fn what_is_no_number_is_not_heard_as_one() {
        for said in [
            "",
            "milk",
            "-5",
            "3.5",
            "twenty zero",
            "forty twelve",
            "hundred",
            "one two",
            "thousand",
            "a",
            "and",
            "9999999999",
            "١٢",
        ] {
            assert_ne!(heard(said).as_deref(), Some("5"), "{said}");
            if said != "a" {
                assert_eq!(heard(said), None, "{said}");
            }
        }
    }
}
