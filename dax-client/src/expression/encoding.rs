//! The bytes of expressions: `[1, tree, [values]]`, and `[1, [paths]]` for a projection.

use aws_sdk_dynamodb::types::AttributeValue;
use minicbor::data::Type;

use super::parser::DEEPEST;
use super::tree::{Condition, Node, Operator, Path, Projection, Step, Update};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::value;

const FORMAT: i64 = 1;

/// Marks an index in a path.
const INDEX: u64 = 3324;

impl Condition {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut writer = begin(3);
        write_node(&mut writer, &self.tree);
        write_values(&mut writer, &self.values)?;
        Ok(writer.into_bytes())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Condition, DecodeError> {
        let mut reader = read_head(bytes, 3)?;
        let tree = read_node(&mut reader, 0)?;
        let values = reader.array(value::read)?;
        check_places(&tree, values.len())?;
        Ok(Condition { tree, values })
    }
}

impl Update {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut writer = begin(3);
        writer.array(self.actions.len());
        for action in &self.actions {
            write_node(&mut writer, action);
        }
        write_values(&mut writer, &self.values)?;
        Ok(writer.into_bytes())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Update, DecodeError> {
        let mut reader = read_head(bytes, 3)?;
        let actions = reader.array(|reader| read_node(reader, 0))?;
        let values = reader.array(value::read)?;
        for action in &actions {
            check_places(action, values.len())?;
        }
        Ok(Update { actions, values })
    }
}

impl Projection {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = begin(2);
        writer.array(self.0.len());
        for path in &self.0 {
            write_path(&mut writer, path);
        }
        writer.into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Projection, DecodeError> {
        let paths = read_head(bytes, 2)?.array(|reader| match read_node(reader, 0)? {
            Node::Path(path) => Ok(path),
            _ => Err(DecodeError("a projection of something that is no path")),
        })?;
        Ok(Projection(paths))
    }
}

fn begin(elements: usize) -> Writer {
    let mut writer = Writer::new();
    writer.array(elements);
    writer.int(FORMAT);
    writer
}

fn read_head(bytes: &[u8], elements: u64) -> Result<Reader<'_>, DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.array_of(elements)?;
    match reader.int()? {
        FORMAT => Ok(reader),
        _ => Err(DecodeError("an expression in a format unknown here")),
    }
}

fn write_node(writer: &mut Writer, node: &Node) {
    match node {
        Node::Apply(operator, operands) => {
            writer.array(1 + operands.len());
            writer.int(operator.number());
            for operand in operands {
                write_node(writer, operand);
            }
        }
        Node::In(operand, candidates) => {
            writer.array(3);
            writer.int(Operator::In.number());
            write_node(writer, operand);
            writer.array(candidates.len());
            for candidate in candidates {
                write_node(writer, candidate);
            }
        }
        Node::Value(place) => {
            writer.array(2);
            writer.int(Operator::Value.number());
            writer.int(*place as i64);
        }
        Node::Path(path) => write_path(writer, path),
    }
}

fn write_path(writer: &mut Writer, path: &Path) {
    writer.array(1 + path.0.len());
    writer.int(Operator::Path.number());
    for step in &path.0 {
        match step {
            Step::Name(name) => writer.text(name),
            Step::Index(index) => {
                writer.tag(INDEX);
                writer.int((*index).into());
            }
        }
    }
}

fn write_values(writer: &mut Writer, values: &[AttributeValue]) -> Result<(), Error> {
    writer.array(values.len());
    values
        .iter()
        .try_for_each(|value| value::write(writer, value))
}

fn read_node(reader: &mut Reader<'_>, depth: usize) -> Result<Node, DecodeError> {
    if depth > DEEPEST {
        return Err(DecodeError("an expression nests too deep"));
    }
    // The elements differ in kind, so the first decides how the others are read.
    let mut operator = None;
    let mut operands = Vec::new();
    let mut candidates = Vec::new();
    let mut steps = Vec::new();
    let mut place = None;
    reader.array(|reader| {
        match operator {
            None => {
                let number = reader.int()?;
                let known = Operator::of(number);
                operator = Some(known.ok_or(DecodeError("an operator unknown here"))?);
            }
            Some(Operator::Value) => place = usize::try_from(reader.int()?).ok(),
            Some(Operator::Path) => steps.push(read_step(reader)?),
            Some(Operator::In) if operands.len() == 1 => {
                candidates = reader.array(|reader| read_node(reader, depth + 1))?;
            }
            Some(_) => operands.push(read_node(reader, depth + 1)?),
        }
        Ok(())
    })?;
    match (operator, operands.len()) {
        (Some(Operator::Value), 0) => place.map(Node::Value),
        (Some(Operator::Path), 0) => {
            matches!(steps.first(), Some(Step::Name(_))).then_some(Node::Path(Path(steps)))
        }
        (Some(Operator::In), 1) => operands
            .pop()
            .map(|operand| Node::In(Box::new(operand), candidates)),
        (Some(operator), count) if operator.operands() == Some(count) => {
            Some(Node::Apply(operator, operands))
        }
        _ => None,
    }
    .ok_or(DecodeError("an operator with other operands than it takes"))
}

fn read_step(reader: &mut Reader<'_>) -> Result<Step, DecodeError> {
    if reader.peek()? != Type::Tag {
        return Ok(Step::Name(reader.text()?.into_owned()));
    }
    if reader.tag()? != INDEX {
        return Err(DecodeError("a path with a tag unknown here"));
    }
    let index = u32::try_from(reader.int()?);
    index
        .map(Step::Index)
        .map_err(|_| DecodeError("an index out of range"))
}

/// Checks that the list of values has every value that the tree refers to.
fn check_places(node: &Node, values: usize) -> Result<(), DecodeError> {
    match node {
        Node::Value(place) if *place >= values => Err(DecodeError("an expression lacks a value")),
        Node::Value(_) | Node::Path(_) => Ok(()),
        Node::Apply(_, operands) => operands
            .iter()
            .try_for_each(|operand| check_places(operand, values)),
        Node::In(operand, candidates) => {
            check_places(operand, values)?;
            candidates
                .iter()
                .try_for_each(|candidate| check_places(candidate, values))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::expression::Parser;

    fn names() -> HashMap<String, String> {
        HashMap::from([("#n".to_owned(), "name".to_owned())])
    }

    fn values() -> HashMap<String, AttributeValue> {
        HashMap::from([
            (":a".to_owned(), AttributeValue::N("1".to_owned())),
            (":b".to_owned(), AttributeValue::S("x".to_owned())),
            (":c".to_owned(), AttributeValue::N("1.5".to_owned())),
        ])
    }

    /// What the Python client 2.1.0 encodes; the Node.js client differs in `:c`, which it sends as
    /// a float.
    #[test]
    fn conditions_are_encoded_as_the_official_clients_encode_them() {
        let (names, values) = (names(), values());
        for (text, expected) in [
            ("attribute_not_exists(id)", "8301820c821262696480"),
            (
                "a = :a AND b = :b AND c = :c",
                "83018306830082126161821100830683008212616282110183008212616382110283016178c482200f",
            ),
            (
                "a = :a OR b = :b AND NOT c = :c",
                "830183078300821261618211008306830082126162821101820883008212616382110283016178c482200f",
            ),
            (
                "(a = :a OR b = :b) AND c = :c",
                "83018306830783008212616182110083008212616282110183008212616382110283016178c482200f",
            ),
            (
                "a.b[3].#n <> :a",
                "83018301851261616162d90cfc03646e616d658211008101",
            ),
            (
                "a IN (:a, :b, :c)",
                "8301830a821261618382110082110182110283016178c482200f",
            ),
            (
                "a BETWEEN :a AND :b AND size(b) > :c",
                "83018306840982126161821100821101830482108212616282110283016178c482200f",
            ),
            (
                "contains(a, :b) or begins_with(a, :b)",
                "83018307830f82126161821100830e82126161821100816178",
            ),
            ("attribute_type(a, :b)", "8301830d82126161821100816178"),
            (
                "a = :a OR b = :b OR a = :a",
                "83018307830082126161821100830783008212616282110183008212616182110082016178",
            ),
            ("NOT NOT a = :a", "8301820882088300821261618211008101"),
            ("(a) = :a", "83018300821261618211008101"),
            ("ATTRIBUTE_EXISTS(a)", "8301820b8212616180"),
        ] {
            let condition = Parser::new(&names, &values).condition(text).unwrap();
            let bytes = condition.encode().unwrap();
            assert_eq!(hex::encode(&bytes), expected, "{text}");
            assert_eq!(Condition::decode(&bytes).unwrap(), condition, "{text}");
        }
    }

    #[test]
    fn updates_are_encoded_as_the_official_clients_encode_them() {
        let (names, values) = (names(), values());
        for (text, expected) in [
            ("SET a = :a", "8301818313821261618211008101"),
            (
                "SET a = a + :a, b = if_not_exists(b, :b) REMOVE c, d[1] ADD e :a DELETE f :b",
                "83018683138212616183181982126161821100831382126162831782126162821101821682126163821683126164d90cfc0183148212616582110083158212616682110182016178",
            ),
            (
                "SET a = list_append(a, :b)",
                "83018183138212616183181882126161821100816178",
            ),
            (
                "set a = if_not_exists(a, :a) + :c",
                "8301818313821261618318198317821261618211008211018201c482200f",
            ),
            (
                "SET a = (a - :a)",
                "83018183138212616183181a821261618211008101",
            ),
            (
                "REMOVE a.b SET c = :a",
                "83018282168312616161628313821261638211008101",
            ),
        ] {
            let update = Parser::new(&names, &values).update(text).unwrap();
            let bytes = update.encode().unwrap();
            assert_eq!(hex::encode(&bytes), expected, "{text}");
            assert_eq!(Update::decode(&bytes).unwrap(), update, "{text}");
        }
    }

    #[test]
    fn projections_are_encoded_as_the_official_clients_encode_them() {
        let (names, values) = (names(), HashMap::new());
        let projection = Parser::new(&names, &values)
            .projection("a, b.c[1], #n")
            .unwrap();
        let bytes = projection.encode();
        assert_eq!(
            hex::encode(&bytes),
            "82018382126161841261626163d90cfc018212646e616d65"
        );
        assert_eq!(Projection::decode(&bytes).unwrap(), projection);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let (names, values) = (names(), values());
        for text in [
            "",
            "a",
            "a =",
            "a = :unknown",
            "#unknown = :a",
            "((a = :a))",
            "a = :a b = :b",
            "unknown(a)",
            "size(a, b) = :a",
            "a = :a AND",
            "a BETWEEN :a OR :b",
            "a[-1] = :a",
            "a = 'x'",
            "a = é",
            "set = :a",
        ] {
            let parsed = Parser::new(&names, &values).condition(text);
            assert!(
                matches!(parsed, Err(Error::Invalid(_))),
                "{text}: {parsed:?}"
            );
        }
    }

    #[test]
    fn a_placeholder_that_nothing_uses_is_refused() {
        let (names, values) = (names(), values());
        let mut parser = Parser::new(&names, &values);
        parser.condition("#n = :a AND b = :b").unwrap();
        let error = parser.finish().unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("unused in expressions: keys: {:c}"),
            "{error}"
        );
    }
}
