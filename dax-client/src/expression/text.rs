//! Trees back into the text that DynamoDB's API takes, with placeholders for every name and value.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::tree::{Condition, Node, Operator, Path, Step, Update};

/// The placeholders of one request.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
    known: HashMap<String, String>,
}

impl Placeholders {
    /// The names, as the AWS SDK's setters take them: DynamoDB refuses an empty map.
    pub(crate) fn names(&self) -> Option<HashMap<String, String>> {
        Some(self.names.clone()).filter(|names| !names.is_empty())
    }

    /// The values, as [`names`](Placeholders::names).
    pub(crate) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        Some(self.values.clone()).filter(|values| !values.is_empty())
    }

    pub(crate) fn condition(&mut self, condition: &Condition) -> String {
        let mut text = Text::new(self, &condition.values);
        text.node(&condition.tree);
        text.out
    }

    pub(crate) fn update(&mut self, update: &Update) -> String {
        let mut text = Text::new(self, &update.values);
        for (keyword, action) in [
            ("SET", Operator::Set),
            ("REMOVE", Operator::Remove),
            ("ADD", Operator::Add),
            ("DELETE", Operator::Delete),
        ] {
            let of_section = |node: &&Node| matches!(node, Node::Apply(it, _) if *it == action);
            for (index, node) in update.actions.iter().filter(of_section).enumerate() {
                text.out.push_str(if index == 0 { " " } else { ", " });
                if index == 0 {
                    text.out.push_str(keyword);
                    text.out.push(' ');
                }
                text.action(node);
            }
        }
        text.out.trim_start().to_owned()
    }

    fn name(&mut self, name: &str) -> String {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let placeholder = format!("#n{}", self.names.len());
        self.names.insert(placeholder.clone(), name.to_owned());
        self.known.insert(name.to_owned(), placeholder.clone());
        placeholder
    }
}

struct Text<'p, 'v> {
    placeholders: &'p mut Placeholders,
    values: &'v [AttributeValue],
    /// The placeholder of each value, once it has one.
    given: HashMap<usize, String>,
    out: String,
}

impl<'p, 'v> Text<'p, 'v> {
    fn new(placeholders: &'p mut Placeholders, values: &'v [AttributeValue]) -> Self {
        Text {
            placeholders,
            values,
            given: HashMap::new(),
            out: String::new(),
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Path(path) => self.path(path),
            Node::Value(place) => self.value(*place),
            Node::In(operand, candidates) => {
                self.node(operand);
                self.out.push_str(" IN ");
                self.operands(candidates);
            }
            Node::Apply(operator, operands) => self.apply(*operator, operands),
        }
    }

    fn apply(&mut self, operator: Operator, operands: &[Node]) {
        let infix = match operator {
            Operator::Equal => " = ",
            Operator::NotEqual => " <> ",
            Operator::Less => " < ",
            Operator::LessOrEqual => " <= ",
            Operator::Greater => " > ",
            Operator::GreaterOrEqual => " >= ",
            Operator::And => " AND ",
            Operator::Or => " OR ",
            Operator::Plus => " + ",
            Operator::Minus => " - ",
            _ => "",
        };
        match (operator, operands) {
            (_, [left, right]) if !infix.is_empty() => {
                self.grouped(left);
                self.out.push_str(infix);
                self.grouped(right);
            }
            (Operator::Not, [operand]) => {
                self.out.push_str("NOT ");
                self.grouped(operand);
            }
            (Operator::Between, [operand, low, high]) => {
                self.node(operand);
                self.out.push_str(" BETWEEN ");
                self.node(low);
                self.out.push_str(" AND ");
                self.node(high);
            }
            _ => {
                let known = Operator::FUNCTIONS
                    .iter()
                    .find(|(_, it, _)| *it == operator);
                self.out.push_str(known.map_or("", |(name, ..)| name));
                self.operands(operands);
            }
        }
    }

    /// Puts parentheses around AND and OR, which bind less than their neighbours.
    fn grouped(&mut self, node: &Node) {
        if !matches!(node, Node::Apply(Operator::And | Operator::Or, _)) {
            return self.node(node);
        }
        self.out.push('(');
        self.node(node);
        self.out.push(')');
    }

    fn operands(&mut self, operands: &[Node]) {
        self.out.push('(');
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.node(operand);
        }
        self.out.push(')');
    }

    fn action(&mut self, action: &Node) {
        let Node::Apply(operator, operands) = action else {
            return;
        };
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.out.push_str(if *operator == Operator::Set {
                    " = "
                } else {
                    " "
                });
            }
            self.node(operand);
        }
    }

    fn path(&mut self, path: &Path) {
        for (index, step) in path.0.iter().enumerate() {
            match step {
                Step::Name(name) => {
                    let placeholder = self.placeholders.name(name);
                    if index > 0 {
                        self.out.push('.');
                    }
                    self.out.push_str(&placeholder);
                }
                Step::Index(index) => self.out.push_str(&format!("[{index}]")),
            }
        }
    }

    fn value(&mut self, place: usize) {
        let Some(value) = self.values.get(place) else {
            return;
        };
        let values = &mut self.placeholders.values;
        let placeholder = self.given.entry(place).or_insert_with(|| {
            let placeholder = format!(":v{}", values.len());
            values.insert(placeholder.clone(), value.clone());
            placeholder
        });
        self.out.push_str(placeholder);
    }
}
