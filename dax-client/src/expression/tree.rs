//! The trees of expressions, in the operators of the DAX protocol.

use aws_sdk_dynamodb::types::AttributeValue;

/// The operator of a node. Its place in [`OPERATORS`] is its number in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    GreaterOrEqual,
    Greater,
    LessOrEqual,
    And,
    Or,
    Not,
    Between,
    In,
    AttributeExists,
    AttributeNotExists,
    AttributeType,
    BeginsWith,
    Contains,
    Size,
    Value,
    Path,
    Set,
    Add,
    Delete,
    Remove,
    IfNotExists,
    ListAppend,
    Plus,
    Minus,
}

const OPERATORS: [Operator; 27] = [
    Operator::Equal,
    Operator::NotEqual,
    Operator::Less,
    Operator::GreaterOrEqual,
    Operator::Greater,
    Operator::LessOrEqual,
    Operator::And,
    Operator::Or,
    Operator::Not,
    Operator::Between,
    Operator::In,
    Operator::AttributeExists,
    Operator::AttributeNotExists,
    Operator::AttributeType,
    Operator::BeginsWith,
    Operator::Contains,
    Operator::Size,
    Operator::Value,
    Operator::Path,
    Operator::Set,
    Operator::Add,
    Operator::Delete,
    Operator::Remove,
    Operator::IfNotExists,
    Operator::ListAppend,
    Operator::Plus,
    Operator::Minus,
];

impl Operator {
    pub(crate) fn number(self) -> i64 {
        self as i64
    }

    pub(crate) fn of(number: i64) -> Option<Operator> {
        OPERATORS.get(usize::try_from(number).ok()?).copied()
    }

    /// The functions, as an expression calls them, each with the number of its operands.
    pub(crate) const FUNCTIONS: [(&'static str, Operator, usize); 8] = [
        ("attribute_exists", Operator::AttributeExists, 1),
        ("attribute_not_exists", Operator::AttributeNotExists, 1),
        ("attribute_type", Operator::AttributeType, 2),
        ("begins_with", Operator::BeginsWith, 2),
        ("contains", Operator::Contains, 2),
        ("size", Operator::Size, 1),
        ("if_not_exists", Operator::IfNotExists, 2),
        ("list_append", Operator::ListAppend, 2),
    ];

    /// How many operands the operator has; `None` for those that have a kind of [`Node`] of their own.
    pub(crate) fn operands(self) -> Option<usize> {
        match self {
            Operator::Not | Operator::Remove => Some(1),
            Operator::Between => Some(3),
            Operator::In | Operator::Value | Operator::Path => None,
            other => Operator::FUNCTIONS
                .iter()
                .find(|(_, function, _)| *function == other)
                .map_or(Some(2), |(_, _, operands)| Some(*operands)),
        }
    }
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// An operator or function and its operands.
    Apply(Operator, Vec<Node>),
    /// `operand IN (…)`.
    In(Box<Node>, Vec<Node>),
    /// The place of a value in the expression's list of values.
    Value(usize),
    /// An attribute, or an element within one.
    Path(Path),
}

/// Where an element of an item is: a name, then names and indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<Step>);

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Name(String),
    Index(u32),
}

/// A condition, key condition or filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) tree: Node,
    pub(crate) values: Vec<AttributeValue>,
}

/// An update: actions, each headed by SET, ADD, DELETE or REMOVE.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update {
    pub(crate) actions: Vec<Node>,
    pub(crate) values: Vec<AttributeValue>,
}

/// The paths of a projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Projection(pub(crate) Vec<Path>);
