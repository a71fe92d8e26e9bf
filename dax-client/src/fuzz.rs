//! A million inputs for everything that reads what the other side sent.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::error::Error;
use crate::expression::{Condition, Parser, Projection, Update};
use crate::properties::{names, schema, values};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::decimal::{self, Decimal};
use crate::wire::frame::Extent;
use crate::wire::item::{self, Item};
use crate::wire::key::{KeySchema, KeyType, decode_named};
use crate::wire::options::Options;
use crate::wire::reply::{Batch, Body, ConsumedCapacity, Stored, read_refusal};
use crate::wire::request::{BatchGet, BatchWrite, HEAD, Method, Request};
use crate::wire::sortable;

/// Requests and answers of every kind, for the fuzzer to change.
fn corpus() -> Vec<Vec<u8>> {
    let (names, values) = (names(), values());
    let mut parser = Parser::new(&names, &values);
    let condition = parser
        .condition("#a = :a AND (size(#b) > :b OR #c IN (:c, :a))")
        .unwrap();
    let update = parser
        .update("SET #a = #b + :a, #c = :b REMOVE name ADD #a :c")
        .unwrap();
    let projection = parser.projection("#a.x[1], #b").unwrap();
    let options = Options {
        condition: Some(condition.clone()),
        filter: Some(condition.clone()),
        update: Some(update),
        projection: Some(projection.clone()),
        limit: Some(7),
        index: Some("index".to_owned()),
        ..Options::default()
    };
    let deep = (0..20).fold(AttributeValue::N("1.5".to_owned()), |inner, _| {
        AttributeValue::L(vec![inner, AttributeValue::Ss(vec!["x".to_owned()])])
    });
    let item = Item::from([
        ("a".to_owned(), deep.clone()),
        ("b".to_owned(), deep.clone()),
    ]);
    let bytes = item::write_values(&item, &["a".to_owned(), "b".to_owned()], 2).unwrap();
    let (table, key) = ("table".to_owned(), b"key".to_vec());
    let requests = [
        Request::Endpoints,
        Request::DefineKeySchema(table.clone()),
        Request::DefineAttributeListId(vec!["a".to_owned(), "b".to_owned()]),
        Request::DefineAttributeList(2),
        Request::GetItem {
            table: table.clone(),
            key: key.clone(),
            options: options.clone(),
        },
        Request::PutItem {
            table: table.clone(),
            key: key.clone(),
            values: bytes.clone(),
            options: options.clone(),
        },
        Request::UpdateItem {
            table: table.clone(),
            key: key.clone(),
            options: options.clone(),
        },
        Request::Query {
            table: table.clone(),
            key_condition: Some(condition),
            options: options.clone(),
        },
        Request::Scan {
            table: table.clone(),
            options: options.clone(),
        },
        Request::BatchGetItem {
            tables: vec![BatchGet {
                table: table.clone(),
                consistent: true,
                projection: Some(projection.clone()),
                keys: vec![key.clone()],
            }],
            options: Options::default(),
        },
        Request::BatchWriteItem {
            tables: vec![BatchWrite {
                table: table.clone(),
                writes: vec![(key.clone(), Some(bytes.clone())), (key.clone(), None)],
            }],
            options,
        },
    ];
    let mut corpus: Vec<_> = requests
        .iter()
        .map(|request| request.encode().unwrap())
        .collect();
    let keyed = Stored::Keyed {
        key,
        values: bytes.clone(),
    };
    let body = Body {
        item: Some(Stored::Projected(vec![(0, deep)])),
        items: Some(vec![keyed.clone(), Stored::Values(bytes.clone())]),
        attributes: Some(bytes.clone()),
        consumed_capacity: Some(ConsumedCapacity {
            units: 1.5,
            ..ConsumedCapacity::default()
        }),
        count: Some(1),
        ..Body::default()
    };
    let batch = Batch {
        responses: vec![(table, vec![keyed])],
        ..Batch::default()
    };
    let mut writer = Writer::new();
    body.write(&mut writer).unwrap();
    corpus.push(writer.into_bytes());
    let mut writer = Writer::new();
    batch.write(&mut writer).unwrap();
    corpus.push(writer.into_bytes());
    corpus.extend([bytes, projection.encode()]);
    corpus.push(sortable::encode(Decimal {
        mantissa: -12345,
        exponent: 3,
    }));
    corpus
}

/// Everything that reads what comes from the other side.
fn read_all(bytes: &[u8]) {
    let _ = Extent::default().of(3, bytes);
    let _ = read_refusal(&mut Reader::new(bytes));
    let _ = Body::read(&mut Reader::new(bytes));
    let _ = Batch::read(&mut Reader::new(bytes));
    let _ = KeySchema::read(&mut Reader::new(bytes));
    let _ = decimal::read(&mut Reader::new(bytes));
    let _ = item::read_value(&mut Reader::new(bytes));
    let _ = item::read_values(bytes, &["a".to_owned(), "b".to_owned()]);
    let _ = item::read_some_values(bytes, &["a".to_owned(), "b".to_owned()]);
    let _ = (
        Condition::decode(bytes),
        Update::decode(bytes),
        Projection::decode(bytes),
    );
    let _ = (sortable::decode(bytes), decode_named(bytes));
    let _ = schema(KeyType::N, Some(KeyType::N)).decode(bytes);
    let _ = (Options::read(&mut Reader::new(bytes)), read_request(bytes));
}

fn read_request(bytes: &[u8]) -> Result<Request, Error> {
    let mut reader = Reader::new(bytes);
    let method = Method::read(&mut reader)?;
    Request::read(method, &mut reader)
}

#[test]
fn every_request_comes_back_as_it_was_written() {
    for bytes in corpus() {
        let Ok(request) = read_request(&bytes) else {
            continue;
        };
        assert_eq!(request.encode().unwrap(), bytes);
        let values = HEAD + request.method().arguments();
        assert_eq!(
            Extent::default().of(values, &bytes).unwrap(),
            Some(bytes.len())
        );
    }
}

/// No input makes a reader panic, or allocate out of proportion: a byte of input is at most an
/// element of a list or a map, which grow by doubling.
#[test]
#[ignore = "takes a minute"]
fn a_million_inputs_neither_panic_nor_allocate_out_of_proportion() {
    const INPUTS: usize = 1_000_000;
    const LARGEST_ELEMENT: usize = 256;
    const SMALLEST_INPUT: usize = 16;
    let seed = std::env::var("DAX_FUZZ_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or(7);
    println!("DAX_FUZZ_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let corpus = corpus();
    let mut worst = 0;
    for number in 0..INPUTS {
        let mut input = match random.choice(&corpus) {
            Some(known) if random.u8(..) < 224 => known.clone(),
            _ => (0..random.usize(..200)).map(|_| random.u8(..)).collect(),
        };
        for _ in 0..random.usize(1..6) {
            change(&mut input, &mut random);
        }
        let used = allocation_counter::measure(|| read_all(&input)).bytes_max as usize;
        let ratio = used / input.len().max(SMALLEST_INPUT);
        worst = worst.max(ratio);
        assert!(
            ratio <= LARGEST_ELEMENT,
            "input {number}: {used} bytes for {input:x?}"
        );
    }
    println!("at most {worst} bytes for a byte of input");
}

fn change(input: &mut Vec<u8>, random: &mut fastrand::Rng) {
    /// Heads that claim much: lengths of 2^64 - 1, 2^63 and 2^32 - 1, open containers, bignums.
    const HEADS: [&[u8]; 8] = [
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xbb\x80\0\0\0\0\0\0\0",
        b"\x5a\xff\xff\xff\xff",
        b"\x9f",
        b"\xbf",
        b"\xff",
        b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xc2\x58\xff",
    ];
    let at = random.usize(..=input.len());
    match random.u8(..6) {
        0 => input.truncate(at),
        1 => input.insert(at, random.u8(..)),
        2 if at < input.len() => input[at] ^= 1 << random.u8(..8),
        3 if at < input.len() => input[at] = random.u8(..),
        4 => {
            let head = HEADS[random.usize(..HEADS.len())];
            let end = (at + head.len()).min(input.len());
            input.splice(at..end, head.iter().copied());
        }
        _ => {
            let end = random.usize(at..=input.len());
            let part: Vec<u8> = input[at..end].to_vec();
            input.splice(at..at, part);
        }
    }
}
