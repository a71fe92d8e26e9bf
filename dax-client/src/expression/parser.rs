//! The grammar of DynamoDB's expressions (Developer Guide, "Using expressions in DynamoDB").

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;

use super::lexer::{Token, Tokens};
use super::tree::{Condition, Node, Operator, Path, Projection, Step, Update};
use crate::error::Error;

/// DynamoDB takes 300 operators in an expression, so nothing nests deeper.
pub(super) const DEEPEST: usize = 300;

/// Parses the expressions of one request, which share placeholders.
pub(crate) struct Parser<'r> {
    names: &'r HashMap<String, String>,
    values: &'r HashMap<String, AttributeValue>,
    used: HashSet<&'r str>,
}

impl<'r> Parser<'r> {
    pub(crate) fn new(
        names: &'r HashMap<String, String>,
        values: &'r HashMap<String, AttributeValue>,
    ) -> Parser<'r> {
        Parser {
            names,
            values,
            used: HashSet::new(),
        }
    }

    pub(crate) fn condition(&mut self, text: &str) -> Result<Condition, Error> {
        let mut expression = Expression::new(self, text)?;
        let tree = expression.or(0)?;
        let values = expression.finish()?;
        Ok(Condition { tree, values })
    }

    pub(crate) fn update(&mut self, text: &str) -> Result<Update, Error> {
        let mut expression = Expression::new(self, text)?;
        let actions = expression.sections()?;
        let values = expression.finish()?;
        Ok(Update { actions, values })
    }

    pub(crate) fn projection(&mut self, text: &str) -> Result<Projection, Error> {
        let mut expression = Expression::new(self, text)?;
        let paths = expression.list(Expression::path)?;
        expression.finish()?;
        Ok(Projection(paths))
    }

    /// Refuses placeholders that no expression used, as DynamoDB does.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let unused = |names: &mut dyn Iterator<Item = &String>| {
            let mut names: Vec<_> = names
                .filter(|name| !self.used.contains(name.as_str()))
                .cloned()
                .collect();
            names.sort_unstable();
            names.join(", ")
        };
        for (what, names) in [
            ("ExpressionAttributeNames", unused(&mut self.names.keys())),
            ("ExpressionAttributeValues", unused(&mut self.values.keys())),
        ] {
            if !names.is_empty() {
                return Err(Error::Invalid(format!(
                    "Value provided in {what} unused in expressions: keys: {{{names}}}"
                )));
            }
        }
        Ok(())
    }
}

/// One expression.
struct Expression<'p, 'r, 't> {
    parser: &'p mut Parser<'r>,
    tokens: Tokens<'t>,
    values: Vec<AttributeValue>,
    /// The place of each placeholder in `values`.
    places: HashMap<&'t str, usize>,
}

impl<'p, 'r, 't> Expression<'p, 'r, 't> {
    fn new(parser: &'p mut Parser<'r>, text: &'t str) -> Result<Self, Error> {
        let tokens = Tokens::of(text)?;
        if tokens.peek().is_none() {
            return Err(Error::Invalid("The expression can not be empty".into()));
        }
        Ok(Expression {
            parser,
            tokens,
            values: Vec::new(),
            places: HashMap::new(),
        })
    }

    fn finish(self) -> Result<Vec<AttributeValue>, Error> {
        match self.tokens.peek() {
            None => Ok(self.values),
            Some(_) => Err(self.tokens.unexpected()),
        }
    }

    fn or(&mut self, depth: usize) -> Result<Node, Error> {
        self.chain("OR", Operator::Or, depth, Self::and)
    }

    fn and(&mut self, depth: usize) -> Result<Node, Error> {
        self.chain("AND", Operator::And, depth, Self::not)
    }

    /// `part word part word part`, grouped from the right as the official clients do.
    fn chain(
        &mut self,
        word: &str,
        operator: Operator,
        depth: usize,
        part: fn(&mut Self, usize) -> Result<Node, Error>,
    ) -> Result<Node, Error> {
        let mut parts = vec![part(self, depth)?];
        while self.tokens.take_word(word) {
            parts.push(part(self, depth)?);
        }
        if parts.len() + depth > DEEPEST {
            return Err(Error::Invalid(
                "The expression contains too many operators".into(),
            ));
        }
        let last = parts.pop().ok_or_else(|| self.tokens.unexpected())?;
        Ok(parts
            .into_iter()
            .rfold(last, |right, left| Node::Apply(operator, vec![left, right])))
    }

    fn not(&mut self, depth: usize) -> Result<Node, Error> {
        if depth > DEEPEST {
            return Err(Error::Invalid("The expression nests too deep".into()));
        }
        if self.tokens.take_word("NOT") {
            return Ok(Node::Apply(Operator::Not, vec![self.not(depth + 1)?]));
        }
        if self.tokens.peek() == Some(Token::Symbol("(")) && !self.tokens.is_grouped_operand() {
            self.tokens.advance(1);
            let opens_twice =
                self.tokens.peek() == Some(Token::Symbol("(")) && !self.tokens.is_grouped_operand();
            let start = self.tokens.position();
            let tree = self.or(depth + 1)?;
            // `((a = b))`: the inner group reaches to the outer one's end.
            if opens_twice && self.tokens.group_ends_before(start) {
                return Err(Error::Invalid(
                    "The expression has redundant parentheses".into(),
                ));
            }
            self.tokens.expect(")")?;
            return Ok(tree);
        }
        self.comparison(depth)
    }

    fn comparison(&mut self, depth: usize) -> Result<Node, Error> {
        let left = self.operand(depth)?;
        let comparator = match self.tokens.peek() {
            Some(Token::Symbol("=")) => Operator::Equal,
            Some(Token::Symbol("<>")) => Operator::NotEqual,
            Some(Token::Symbol("<")) => Operator::Less,
            Some(Token::Symbol("<=")) => Operator::LessOrEqual,
            Some(Token::Symbol(">")) => Operator::Greater,
            Some(Token::Symbol(">=")) => Operator::GreaterOrEqual,
            _ if self.tokens.take_word("BETWEEN") => {
                let low = self.operand(depth)?;
                if !self.tokens.take_word("AND") {
                    return Err(self.tokens.unexpected());
                }
                let high = self.operand(depth)?;
                return Ok(Node::Apply(Operator::Between, vec![left, low, high]));
            }
            _ if self.tokens.take_word("IN") => {
                self.tokens.expect("(")?;
                let candidates = self.list(|expression| expression.operand(depth))?;
                self.tokens.expect(")")?;
                return Ok(Node::In(Box::new(left), candidates));
            }
            // Only a function is a condition without a comparator.
            _ if matches!(left, Node::Apply(..)) => return Ok(left),
            _ => return Err(self.tokens.unexpected()),
        };
        self.tokens.advance(1);
        Ok(Node::Apply(comparator, vec![left, self.operand(depth)?]))
    }

    /// `path`, `:value`, `function(…)`, or one of them in parentheses.
    fn operand(&mut self, depth: usize) -> Result<Node, Error> {
        if depth > DEEPEST {
            return Err(Error::Invalid("The expression nests too deep".into()));
        }
        if self.tokens.take("(") {
            if self.tokens.peek() == Some(Token::Symbol("(")) {
                return Err(Error::Invalid(
                    "The expression has redundant parentheses".into(),
                ));
            }
            let operand = self.operand(depth + 1)?;
            self.tokens.expect(")")?;
            return Ok(operand);
        }
        match (self.tokens.peek(), self.tokens.after_next()) {
            (Some(Token::Value(_)), _) => self.value(),
            (Some(Token::Word(name)), Some(Token::Symbol("("))) => self.function(name, depth),
            _ => Ok(Node::Path(self.path()?)),
        }
    }

    fn function(&mut self, name: &str, depth: usize) -> Result<Node, Error> {
        let known = Operator::FUNCTIONS
            .iter()
            .find(|(function, ..)| function.eq_ignore_ascii_case(name));
        let Some((_, function, count)) = known else {
            return Err(Error::Invalid(format!(
                "Invalid function name; function: {name}"
            )));
        };
        self.tokens.advance(2);
        let operands = self.list(|expression| expression.operand(depth + 1))?;
        self.tokens.expect(")")?;
        if operands.len() != *count {
            return Err(Error::Invalid(format!(
                "Incorrect number of operands for function {name}: {}",
                operands.len()
            )));
        }
        Ok(Node::Apply(*function, operands))
    }

    fn value(&mut self) -> Result<Node, Error> {
        let Some(Token::Value(placeholder)) = self.tokens.peek() else {
            return Err(self.tokens.unexpected());
        };
        self.tokens.advance(1);
        if let Some(place) = self.places.get(placeholder) {
            return Ok(Node::Value(*place));
        }
        let given = self.parser.values.get_key_value(placeholder);
        let Some((name, value)) = given else {
            return Err(Error::Invalid(format!(
                "An expression attribute value used in expression is not defined: {placeholder}"
            )));
        };
        self.parser.used.insert(name);
        self.values.push(value.clone());
        let place = self.places.len();
        self.places.insert(placeholder, place);
        Ok(Node::Value(place))
    }

    fn path(&mut self) -> Result<Path, Error> {
        let mut steps = vec![self.name()?];
        loop {
            if self.tokens.take(".") {
                steps.push(self.name()?);
            } else if self.tokens.take("[") {
                let Some(Token::Index(index)) = self.tokens.peek() else {
                    return Err(self.tokens.unexpected());
                };
                self.tokens.advance(1);
                self.tokens.expect("]")?;
                steps.push(Step::Index(index));
            } else {
                return Ok(Path(steps));
            }
        }
    }

    fn name(&mut self) -> Result<Step, Error> {
        let name = match self.tokens.peek() {
            Some(Token::Word(name)) if !is_keyword(name) => name.to_owned(),
            Some(Token::Name(placeholder)) => {
                let Some((given, name)) = self.parser.names.get_key_value(placeholder) else {
                    return Err(Error::Invalid(format!(
                        "An expression attribute name used in the document path is not defined: \
                         {placeholder}"
                    )));
                };
                self.parser.used.insert(given);
                name.clone()
            }
            _ => return Err(self.tokens.unexpected()),
        };
        self.tokens.advance(1);
        Ok(Step::Name(name))
    }

    fn sections(&mut self) -> Result<Vec<Node>, Error> {
        let mut actions = Vec::new();
        while self.tokens.peek().is_some() {
            let section = if self.tokens.take_word("SET") {
                self.list(Self::set)?
            } else if self.tokens.take_word("REMOVE") {
                self.list(|it| Ok(Node::Apply(Operator::Remove, vec![Node::Path(it.path()?)])))?
            } else if self.tokens.take_word("ADD") {
                self.list(|it| it.path_and_value(Operator::Add))?
            } else if self.tokens.take_word("DELETE") {
                self.list(|it| it.path_and_value(Operator::Delete))?
            } else {
                return Err(self.tokens.unexpected());
            };
            actions.extend(section);
        }
        Ok(actions)
    }

    fn path_and_value(&mut self, action: Operator) -> Result<Node, Error> {
        let path = Node::Path(self.path()?);
        Ok(Node::Apply(action, vec![path, self.value()?]))
    }

    fn set(&mut self) -> Result<Node, Error> {
        let path = Node::Path(self.path()?);
        self.tokens.expect("=")?;
        let value = self.sum()?;
        Ok(Node::Apply(Operator::Set, vec![path, value]))
    }

    /// An operand, or the sum or difference of two, in parentheses or not.
    fn sum(&mut self) -> Result<Node, Error> {
        if self.tokens.peek() == Some(Token::Symbol("(")) && !self.tokens.is_grouped_operand() {
            self.tokens.advance(1);
            let sum = self.sum()?;
            self.tokens.expect(")")?;
            return Ok(sum);
        }
        let left = self.operand(0)?;
        let operator = match self.tokens.peek() {
            Some(Token::Symbol("+")) => Operator::Plus,
            Some(Token::Symbol("-")) => Operator::Minus,
            _ => return Ok(left),
        };
        self.tokens.advance(1);
        Ok(Node::Apply(operator, vec![left, self.operand(0)?]))
    }

    fn list<T>(
        &mut self,
        element: impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut elements = vec![element(self)?];
        while self.tokens.take(",") {
            elements.push(element(self)?);
        }
        Ok(elements)
    }
}

fn is_keyword(word: &str) -> bool {
    [
        "IN", "BETWEEN", "NOT", "AND", "OR", "SET", "ADD", "DELETE", "REMOVE",
    ]
    .iter()
    .any(|keyword| keyword.eq_ignore_ascii_case(word))
}
