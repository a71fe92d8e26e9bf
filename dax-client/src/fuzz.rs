//! A million inputs for everything that reads what the other side sent.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::{Condition, Parser, Projection, Update};
use crate::properties::{names, schema, values};
use crate::protocol::request::{HEAD, read_head};
use crate::protocol::{
    AttributeList, AttributeListId, Authorization, BatchGetItemReply, BatchGetItemRequest,
    BatchWriteItemReply, BatchWriteItemRequest, ConsumedCapacity, DefineAttributeListIdRequest,
    DefineAttributeListRequest, DefineKeySchemaRequest, DeleteItemRequest, EndpointsReply,
    EndpointsRequest, GetItemReply, GetItemRequest, Message, Method, Options, Page, PutItemRequest,
    QueryRequest, Request, ScanRequest, StoredItem, TableReads, TableWrites, UpdateItemRequest,
    WriteReply, method, reply,
};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::decimal::{self, Decimal};
use crate::wire::frame::Extent;
use crate::wire::item;
use crate::wire::key::{KeySchema, KeyType, decode_index_key};
use crate::wire::sortable;
use crate::wire::value::{self, Item};

/// A request as it is written.
struct Sample {
    method: Method,
    bytes: Vec<u8>,
    /// Reads the arguments of a request of that method and writes it again.
    again: fn(&mut Reader<'_>) -> Option<Vec<u8>>,
}

fn sample<R: Request>(request: &R) -> Sample {
    Sample {
        method: R::METHOD,
        bytes: request.encode().unwrap(),
        again: |reader| R::read(reader).ok()?.encode().ok(),
    }
}

fn encoded<M: Message>(message: &M) -> Vec<u8> {
    let mut writer = Writer::new();
    message.write(&mut writer).unwrap();
    writer.into_bytes()
}

/// Requests of every kind, and the bytes of all else.
fn corpus() -> (Vec<Sample>, Vec<Vec<u8>>) {
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
    let samples = vec![
        sample(&EndpointsRequest),
        sample(&DefineKeySchemaRequest {
            table: table.clone(),
        }),
        sample(&DefineAttributeListIdRequest {
            names: vec!["a".to_owned(), "b".to_owned()],
        }),
        sample(&DefineAttributeListRequest { id: 2 }),
        sample(&GetItemRequest {
            table: table.clone(),
            key: key.clone(),
            options: options.clone(),
        }),
        sample(&PutItemRequest {
            table: table.clone(),
            key: key.clone(),
            values: bytes.clone(),
            options: options.clone(),
        }),
        sample(&UpdateItemRequest {
            table: table.clone(),
            key: key.clone(),
            options: options.clone(),
        }),
        sample(&DeleteItemRequest {
            table: table.clone(),
            key: key.clone(),
            options: options.clone(),
        }),
        sample(&QueryRequest {
            table: table.clone(),
            key_condition: Some(condition),
            options: options.clone(),
        }),
        sample(&ScanRequest {
            table: table.clone(),
            options,
        }),
        sample(&BatchGetItemRequest {
            tables: vec![TableReads {
                table: table.clone(),
                consistent_read: true,
                projection: Some(projection.clone()),
                keys: vec![key.clone()],
            }],
            consumed_capacity: None,
        }),
        sample(&BatchWriteItemRequest {
            tables: vec![TableWrites {
                table: table.clone(),
                writes: vec![(key.clone(), Some(bytes.clone())), (key.clone(), None)],
            }],
            consumed_capacity: None,
        }),
    ];
    let keyed = StoredItem::Keyed {
        key: key.clone(),
        values: bytes.clone(),
    };
    let consumed_capacity = Some(ConsumedCapacity {
        units: 1.5,
        ..ConsumedCapacity::default()
    });
    let corpus = vec![
        encoded(&GetItemReply {
            item: Some(StoredItem::Projected(vec![(0, deep)])),
            consumed_capacity: consumed_capacity.clone(),
        }),
        encoded(&Page {
            items: Some(vec![keyed.clone(), StoredItem::Values(bytes.clone())]),
            count: Some(1),
            ..Page::default()
        }),
        encoded(&WriteReply {
            attributes: Some(bytes.clone()),
            consumed_capacity,
        }),
        encoded(&BatchGetItemReply {
            responses: vec![(table.clone(), vec![keyed])],
            ..BatchGetItemReply::default()
        }),
        encoded(&BatchWriteItemReply {
            unprocessed: vec![TableWrites {
                table,
                writes: vec![(key, None)],
            }],
            ..BatchWriteItemReply::default()
        }),
        bytes,
        projection.encode(),
        sortable::encode(Decimal {
            mantissa: -12345,
            exponent: 3,
        }),
    ];
    (samples, corpus)
}

/// Everything that reads what comes from the other side.
fn read_all(bytes: &[u8], samples: &[Sample]) {
    let _ = Extent::default().of(3, bytes);
    // A reply, or a refusal.
    let _ = reply::read::<GetItemReply>(bytes);
    let _ = GetItemReply::read(&mut Reader::new(bytes));
    let _ = WriteReply::read(&mut Reader::new(bytes));
    let _ = Page::read(&mut Reader::new(bytes));
    let _ = BatchGetItemReply::read(&mut Reader::new(bytes));
    let _ = BatchWriteItemReply::read(&mut Reader::new(bytes));
    let _ = EndpointsReply::read(&mut Reader::new(bytes));
    let _ = KeySchema::read(&mut Reader::new(bytes));
    let _ = AttributeList::read(&mut Reader::new(bytes));
    let _ = AttributeListId::read(&mut Reader::new(bytes));
    let _ = Authorization::read(&mut Reader::new(bytes));
    let _ = decimal::read(&mut Reader::new(bytes));
    let _ = value::read(&mut Reader::new(bytes));
    let _ = item::read_values(bytes, &["a".to_owned(), "b".to_owned()]);
    let _ = item::read_changed(bytes, &["a".to_owned(), "b".to_owned()]);
    let _ = (
        Condition::decode(bytes),
        Update::decode(bytes),
        Projection::decode(bytes),
    );
    let _ = (sortable::decode(bytes), decode_index_key(bytes));
    let _ = schema(KeyType::N, Some(KeyType::N)).decode(bytes);
    let _ = Options::read(&mut Reader::new(bytes));
    let mut reader = Reader::new(bytes);
    let method = read_head(&mut reader).ok().and_then(method);
    if let Some(sample) = samples.iter().find(|it| Some(it.method) == method) {
        let _ = (sample.again)(&mut reader);
    }
}

#[test]
fn every_request_comes_back_as_it_was_written() {
    for sample in corpus().0 {
        let mut reader = Reader::new(&sample.bytes);
        let number = read_head(&mut reader).unwrap();
        assert_eq!(method(number), Some(sample.method));
        assert_eq!((sample.again)(&mut reader).unwrap(), sample.bytes);
        assert!(reader.is_at_end(), "{number}");
        let values = HEAD + sample.method.arguments;
        assert_eq!(
            Extent::default().of(values, &sample.bytes).unwrap(),
            Some(sample.bytes.len())
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
    let (samples, mut corpus) = corpus();
    corpus.extend(samples.iter().map(|sample| sample.bytes.clone()));
    let mut worst = 0;
    for number in 0..INPUTS {
        let mut input = match random.choice(&corpus) {
            Some(known) if random.u8(..) < 224 => known.clone(),
            _ => (0..random.usize(..200)).map(|_| random.u8(..)).collect(),
        };
        for _ in 0..random.usize(1..6) {
            change(&mut input, &mut random);
        }
        let used = allocation_counter::measure(|| read_all(&input, &samples)).bytes_max as usize;
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
