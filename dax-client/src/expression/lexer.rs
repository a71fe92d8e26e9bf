//! The tokens of an expression.

use crate::error::Error;

/// A token. A `Word` is an identifier or a keyword: only the parser can tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Word(&'t str),
    /// A name's placeholder, with its `#`.
    Name(&'t str),
    /// A value's placeholder, with its `:`.
    Value(&'t str),
    Index(u32),
    Symbol(&'t str),
}

const SYMBOLS: [&str; 14] = [
    "<>", "<=", ">=", "<", ">", "=", "+", "-", "(", ")", "[", "]", ",", ".",
];

/// The tokens of an expression, and how far it has been read.
pub(super) struct Tokens<'t> {
    tokens: Vec<Token<'t>>,
    position: usize,
}

impl<'t> Tokens<'t> {
    /// Cuts an expression into tokens.
    pub(super) fn of(text: &'t str) -> Result<Tokens<'t>, Error> {
        Ok(Tokens {
            tokens: tokens(text)?,
            position: 0,
        })
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn advance(&mut self, tokens: usize) {
        self.position += tokens;
    }

    /// The token after the next.
    pub(super) fn after_next(&self) -> Option<Token<'t>> {
        self.tokens.get(self.position + 1).copied()
    }

    /// Whether the parenthesis here holds an operand and not a condition, which what follows its end
    /// tells.
    pub(super) fn is_grouped_operand(&self) -> bool {
        let Some(end) = self.closing(self.position) else {
            return false;
        };
        match self.tokens.get(end + 1) {
            Some(Token::Symbol("=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-")) => true,
            Some(Token::Word(word)) => {
                word.eq_ignore_ascii_case("BETWEEN") || word.eq_ignore_ascii_case("IN")
            }
            _ => false,
        }
    }

    /// Whether the group that opens at `start` ends where the parser is.
    pub(super) fn group_ends_before(&self, start: usize) -> bool {
        self.closing(start)
            .is_some_and(|end| end + 1 == self.position)
    }

    /// The parenthesis that closes the one at `start`.
    fn closing(&self, start: usize) -> Option<usize> {
        let mut open = 0usize;
        for (position, token) in self.tokens.iter().enumerate().skip(start) {
            match token {
                Token::Symbol("(") => open += 1,
                Token::Symbol(")") if open == 1 => return Some(position),
                Token::Symbol(")") => open = open.checked_sub(1)?,
                _ => {}
            }
        }
        None
    }

    pub(super) fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.position).copied()
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Symbol(next)) if next == symbol);
        self.position += usize::from(is_next);
        is_next
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next =
            matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.position += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), Error> {
        if self.take(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn unexpected(&self) -> Error {
        let token = match self.peek() {
            Some(Token::Word(text) | Token::Name(text) | Token::Value(text)) => text.to_owned(),
            Some(Token::Symbol(text)) => text.to_owned(),
            Some(Token::Index(index)) => index.to_string(),
            None => "<EOF>".to_owned(),
        };
        Error::Invalid(format!("Syntax error; token: \"{token}\""))
    }
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, Error> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = token(rest, first)
            .ok_or_else(|| Error::Invalid(format!("Syntax error; token: \"{first}\"")))?;
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn token(text: &str, first: char) -> Option<(Token<'_>, usize)> {
    let word = |text: &str| {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
        text.find(|character| !is_part(character))
            .unwrap_or(text.len())
    };
    match first {
        'a'..='z' | 'A'..='Z' => {
            let length = word(text);
            Some((Token::Word(&text[..length]), length))
        }
        '#' | ':' => {
            let length = 1 + word(&text[1..]);
            let token = &text[..length];
            let placeholder = if first == '#' {
                Token::Name
            } else {
                Token::Value
            };
            (length > 1).then_some((placeholder(token), length))
        }
        '0'..='9' => {
            let digits = text
                .find(|digit: char| !digit.is_ascii_digit())
                .unwrap_or(text.len());
            Some((Token::Index(text[..digits].parse().ok()?), digits))
        }
        _ => {
            let symbol = SYMBOLS.iter().find(|symbol| text.starts_with(**symbol))?;
            Some((Token::Symbol(symbol), symbol.len()))
        }
    }
}
