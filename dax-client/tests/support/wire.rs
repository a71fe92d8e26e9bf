//! What a client sent, cut into requests.

use std::collections::BTreeMap;

use minicbor::Decoder;
use minicbor::data::Type;

/// A request: the method's number and the bytes of each argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub method: i64,
    pub arguments: Vec<Vec<u8>>,
}

pub const AUTHORIZE: i64 = 1_489_122_155;
pub const ENDPOINTS: i64 = 455_855_874;
pub const PUT_ITEM: i64 = -2_106_490_455;
pub const UPDATE_ITEM: i64 = 1_425_579_023;
pub const SCAN: i64 = -1_875_390_620;
pub const BATCH_WRITE_ITEM: i64 = 116_217_951;
const PREAMBLE: usize = 5;

/// Each method with its number of arguments.
const ARGUMENTS: [(i64, usize); 13] = [
    (AUTHORIZE, 5),
    (ENDPOINTS, 0),
    (-742_646_399, 1),
    (-1_230_579_644, 1),
    (670_678_385, 1),
    (263_244_906, 3),
    (PUT_ITEM, 4),
    (UPDATE_ITEM, 3),
    (1_013_539_361, 3),
    (-931_250_863, 3),
    (SCAN, 2),
    (-697_851_100, 2),
    (BATCH_WRITE_ITEM, 2),
];

/// The requests on all connections, but for those that say who asks and where the nodes are.
pub fn requests(connections: &[Vec<u8>]) -> Vec<Sent> {
    let all = connections.iter().flat_map(|connection| cut(connection));
    all.filter(|sent| ![AUTHORIZE, ENDPOINTS].contains(&sent.method))
        .collect()
}

/// The requests that are there whole.
pub fn cut(connection: &[u8]) -> Vec<Sent> {
    let mut decoder = Decoder::new(connection);
    for _ in 0..PREAMBLE {
        if decoder.skip().is_err() {
            return Vec::new();
        }
    }
    let mut requests = Vec::new();
    while let Ok(request) = request(connection, &mut decoder) {
        requests.push(request);
    }
    requests
}

fn request(bytes: &[u8], decoder: &mut Decoder<'_>) -> Result<Sent, minicbor::decode::Error> {
    assert_eq!(decoder.i64()?, 1);
    let method = decoder.i64()?;
    let (_, count) = ARGUMENTS
        .iter()
        .find(|(number, _)| *number == method)
        .unwrap();
    let mut arguments = Vec::new();
    for _ in 0..*count {
        let start = decoder.position();
        decoder.skip()?;
        arguments.push(bytes[start..decoder.position()].to_vec());
    }
    Ok(Sent { method, arguments })
}

/// The options of a request by their numbers; of an option that is there twice, the last.
pub fn options(bytes: &[u8]) -> BTreeMap<i64, Vec<u8>> {
    let mut decoder = Decoder::new(bytes);
    let mut options = BTreeMap::new();
    if decoder.datatype().unwrap() == Type::Null {
        return options;
    }
    assert_eq!(decoder.map().unwrap(), None);
    while decoder.datatype().unwrap() != Type::Break {
        let key = decoder.i64().unwrap();
        let start = decoder.position();
        decoder.skip().unwrap();
        options.insert(key, bytes[start..decoder.position()].to_vec());
    }
    options
}

/// An item's values with every number that is not whole as a float.
pub fn with_floats(argument: &[u8]) -> String {
    let values = Decoder::new(argument).bytes().unwrap();
    let mut decoder = Decoder::new(values);
    let mut shown = String::new();
    while decoder.position() < values.len() {
        let start = decoder.position();
        let number = match decoder.datatype().unwrap() {
            Type::F64 => decoder.f64().unwrap(),
            Type::Tag if decoder.tag().unwrap().as_u64() == 4 => {
                decoder.array().unwrap();
                let exponent = decoder.i64().unwrap();
                format!("{}e{exponent}", decoder.i64().unwrap())
                    .parse()
                    .unwrap()
            }
            _ => {
                decoder.set_position(start);
                decoder.skip().unwrap();
                shown.push_str(&format!("{:x?} ", &values[start..decoder.position()]));
                continue;
            }
        };
        shown.push_str(&format!("{number} "));
    }
    shown
}

/// An expression with its values in place, in bytes where it is no list.
pub fn expanded(option: &[u8]) -> String {
    let expression = Decoder::new(option).bytes().unwrap();
    let mut decoder = Decoder::new(expression);
    assert_eq!(decoder.array().unwrap(), Some(3));
    decoder.skip().unwrap();
    let tree = decoder.position();
    decoder.skip().unwrap();
    let mut values = Vec::new();
    for _ in 0..decoder.array().unwrap().unwrap() {
        let start = decoder.position();
        decoder.skip().unwrap();
        values.push(&expression[start..decoder.position()]);
    }
    let mut decoder = Decoder::new(expression);
    decoder.set_position(tree);
    expand(&mut decoder, expression, &values)
}

fn expand(decoder: &mut Decoder<'_>, expression: &[u8], values: &[&[u8]]) -> String {
    const VALUE: u64 = 17;
    let start = decoder.position();
    if decoder.datatype().unwrap() != Type::Array {
        decoder.skip().unwrap();
        return format!("{:x?}", &expression[start..decoder.position()]);
    }
    let length = decoder.array().unwrap().unwrap();
    if length == 2
        && decoder
            .probe()
            .u64()
            .is_ok_and(|operator| operator == VALUE)
    {
        decoder.skip().unwrap();
        return format!("{:x?}", values[decoder.u64().unwrap() as usize]);
    }
    let parts = (0..length).map(|_| expand(decoder, expression, values));
    format!("({})", parts.collect::<Vec<_>>().join(" "))
}
