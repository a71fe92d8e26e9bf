//! What a client asks: the number of the protocol, the method's number, its arguments.

use super::cbor::{Reader, Writer};
use super::options::Options;
use crate::error::Error;
use crate::expression::{Condition, Projection};

const PROTOCOL: i64 = 1;

/// How many values the head of a request has.
pub(crate) const HEAD: usize = 2;

/// A method of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    AuthorizeConnection,
    Endpoints,
    DefineKeySchema,
    DefineAttributeListId,
    DefineAttributeList,
    GetItem,
    PutItem,
    UpdateItem,
    DeleteItem,
    Query,
    Scan,
    BatchGetItem,
    BatchWriteItem,
    TransactGetItems,
    TransactWriteItems,
}

/// Each method with its number, the values of its arguments and those of its answer.
const METHODS: [(Method, i64, usize, usize); 15] = [
    (Method::AuthorizeConnection, 1_489_122_155, 5, 0),
    (Method::Endpoints, 455_855_874, 0, 1),
    (Method::DefineKeySchema, -742_646_399, 1, 1),
    (Method::DefineAttributeListId, -1_230_579_644, 1, 1),
    (Method::DefineAttributeList, 670_678_385, 1, 1),
    (Method::GetItem, 263_244_906, 3, 1),
    (Method::PutItem, -2_106_490_455, 4, 1),
    (Method::UpdateItem, 1_425_579_023, 3, 1),
    (Method::DeleteItem, 1_013_539_361, 3, 1),
    (Method::Query, -931_250_863, 3, 1),
    (Method::Scan, -1_875_390_620, 2, 1),
    // The answer says that it is an array of two, and a third value follows the array.
    (Method::BatchGetItem, -697_851_100, 2, 2),
    (Method::BatchWriteItem, 116_217_951, 2, 3),
    (Method::TransactGetItems, 1_866_287_579, 4, 1),
    (Method::TransactWriteItems, -1_160_037_738, 9, 1),
];

impl Method {
    fn row(self) -> (i64, usize, usize) {
        let row = METHODS.iter().find(|(method, ..)| *method == self);
        row.map_or((0, 0, 0), |(_, number, arguments, answer)| {
            (*number, *arguments, *answer)
        })
    }

    pub(crate) fn arguments(self) -> usize {
        self.row().1
    }

    /// How many values the answer has after the array that says how it went.
    pub(crate) fn answer(self) -> usize {
        self.row().2
    }

    /// Whether the method changes items.
    pub(crate) fn writes(self) -> bool {
        matches!(
            self,
            Method::PutItem
                | Method::UpdateItem
                | Method::DeleteItem
                | Method::BatchWriteItem
                | Method::TransactWriteItems
        )
    }

    /// Reads the head of a request.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Method, Error> {
        if reader.int()? != PROTOCOL {
            return Err(Error::Malformed("a request of another protocol"));
        }
        let number = reader.int()?;
        let row = METHODS.iter().find(|(_, it, ..)| *it == number);
        row.map(|(method, ..)| *method)
            .ok_or(Error::Malformed("a method unknown here"))
    }
}

/// A request about one table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    Endpoints,
    DefineKeySchema(String),
    DefineAttributeListId(Vec<String>),
    DefineAttributeList(i64),
    GetItem {
        table: String,
        key: Vec<u8>,
        options: Options,
    },
    PutItem {
        table: String,
        key: Vec<u8>,
        values: Vec<u8>,
        options: Options,
    },
    UpdateItem {
        table: String,
        key: Vec<u8>,
        options: Options,
    },
    DeleteItem {
        table: String,
        key: Vec<u8>,
        options: Options,
    },
    Query {
        table: String,
        key_condition: Option<Condition>,
        options: Options,
    },
    Scan {
        table: String,
        options: Options,
    },
    BatchGetItem {
        tables: Vec<BatchGet>,
        options: Options,
    },
    BatchWriteItem {
        tables: Vec<BatchWrite>,
        options: Options,
    },
}

/// What a batch reads from one table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchGet {
    pub(crate) table: String,
    pub(crate) consistent: bool,
    pub(crate) projection: Option<Projection>,
    pub(crate) keys: Vec<Vec<u8>>,
}

/// What a batch writes into one table: keys, with values to put or without to delete.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchWrite {
    pub(crate) table: String,
    pub(crate) writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Request {
    pub(crate) fn method(&self) -> Method {
        match self {
            Request::Endpoints => Method::Endpoints,
            Request::DefineKeySchema(_) => Method::DefineKeySchema,
            Request::DefineAttributeListId(_) => Method::DefineAttributeListId,
            Request::DefineAttributeList(_) => Method::DefineAttributeList,
            Request::GetItem { .. } => Method::GetItem,
            Request::PutItem { .. } => Method::PutItem,
            Request::UpdateItem { .. } => Method::UpdateItem,
            Request::DeleteItem { .. } => Method::DeleteItem,
            Request::Query { .. } => Method::Query,
            Request::Scan { .. } => Method::Scan,
            Request::BatchGetItem { .. } => Method::BatchGetItem,
            Request::BatchWriteItem { .. } => Method::BatchWriteItem,
        }
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::new();
        let w = &mut writer;
        write_head(w, self.method());
        match self {
            Request::Endpoints => {}
            Request::DefineKeySchema(table) => w.bytes(table.as_bytes()),
            Request::DefineAttributeListId(names) => {
                w.array(names.len());
                names.iter().for_each(|name| w.text(name));
            }
            Request::DefineAttributeList(id) => w.int(*id),
            Request::GetItem {
                table,
                key,
                options,
            }
            | Request::UpdateItem {
                table,
                key,
                options,
            }
            | Request::DeleteItem {
                table,
                key,
                options,
            } => {
                w.bytes(table.as_bytes());
                w.bytes(key);
                options.write(w, self.method())?;
            }
            Request::PutItem {
                table,
                key,
                values,
                options,
            } => {
                w.bytes(table.as_bytes());
                w.bytes(key);
                w.bytes(values);
                options.write(w, self.method())?;
            }
            Request::Query {
                table,
                key_condition,
                options,
            } => {
                w.bytes(table.as_bytes());
                match key_condition {
                    Some(condition) => w.bytes(&condition.encode()?),
                    None => w.null(),
                }
                options.write(w, self.method())?;
            }
            Request::Scan { table, options } => {
                w.bytes(table.as_bytes());
                options.write(w, self.method())?;
            }
            Request::BatchGetItem { tables, options } => {
                w.map(tables.len());
                tables.iter().for_each(|table| table.write(w));
                options.write(w, self.method())?;
            }
            Request::BatchWriteItem { tables, options } => {
                w.map(tables.len());
                tables.iter().for_each(|table| table.write(w));
                options.write(w, self.method())?;
            }
        }
        Ok(writer.into_bytes())
    }

    /// Reads the arguments of a method.
    pub(crate) fn read(method: Method, reader: &mut Reader<'_>) -> Result<Request, Error> {
        let bytes = |reader: &mut Reader<'_>| Ok::<_, Error>(reader.bytes()?.into_owned());
        Ok(match method {
            Method::Endpoints => Request::Endpoints,
            Method::DefineKeySchema => Request::DefineKeySchema(reader.text_or_bytes()?),
            Method::DefineAttributeListId => {
                Request::DefineAttributeListId(reader.array(Reader::text_or_bytes)?)
            }
            Method::DefineAttributeList => Request::DefineAttributeList(reader.int()?),
            Method::GetItem => Request::GetItem {
                table: reader.text_or_bytes()?,
                key: bytes(reader)?,
                options: Options::read(reader)?,
            },
            Method::PutItem => Request::PutItem {
                table: reader.text_or_bytes()?,
                key: bytes(reader)?,
                values: bytes(reader)?,
                options: Options::read(reader)?,
            },
            Method::UpdateItem => Request::UpdateItem {
                table: reader.text_or_bytes()?,
                key: bytes(reader)?,
                options: Options::read(reader)?,
            },
            Method::DeleteItem => Request::DeleteItem {
                table: reader.text_or_bytes()?,
                key: bytes(reader)?,
                options: Options::read(reader)?,
            },
            Method::Query => Request::Query {
                table: reader.text_or_bytes()?,
                key_condition: match reader.null()? {
                    true => None,
                    false => Some(Condition::decode(&reader.bytes()?)?),
                },
                options: Options::read(reader)?,
            },
            Method::Scan => Request::Scan {
                table: reader.text_or_bytes()?,
                options: Options::read(reader)?,
            },
            Method::BatchGetItem => {
                let mut tables = Vec::new();
                reader.map(|reader| {
                    tables.push(BatchGet::read(reader)?);
                    Ok(())
                })?;
                Request::BatchGetItem {
                    tables,
                    options: Options::read(reader)?,
                }
            }
            Method::BatchWriteItem => {
                let mut tables = Vec::new();
                reader.map(|reader| {
                    tables.push(BatchWrite::read(reader)?);
                    Ok(())
                })?;
                Request::BatchWriteItem {
                    tables,
                    options: Options::read(reader)?,
                }
            }
            Method::AuthorizeConnection | Method::TransactGetItems | Method::TransactWriteItems => {
                return Err(Error::Malformed("a method that is read elsewhere"));
            }
        })
    }
}

pub(crate) fn write_head(writer: &mut Writer, method: Method) {
    writer.int(PROTOCOL);
    writer.int(method.row().0);
}

impl BatchGet {
    fn write(&self, writer: &mut Writer) {
        writer.text(&self.table);
        writer.array(3);
        writer.bool(self.consistent);
        match &self.projection {
            Some(projection) => writer.bytes(&projection.encode()),
            None => writer.null(),
        }
        writer.array(self.keys.len());
        self.keys.iter().for_each(|key| writer.bytes(key));
    }

    fn read(reader: &mut Reader<'_>) -> Result<BatchGet, Error> {
        let table = reader.text_or_bytes()?;
        reader.array_of(3)?;
        let consistent = reader.bool()?;
        let projection = match reader.null()? {
            true => None,
            false => Some(Projection::decode(&reader.bytes()?)?),
        };
        let keys = reader.array(|reader| Ok(reader.bytes()?.into_owned()))?;
        Ok(BatchGet {
            table,
            consistent,
            projection,
            keys,
        })
    }
}

impl BatchWrite {
    fn write(&self, writer: &mut Writer) {
        writer.text(&self.table);
        writer.array(2 * self.writes.len());
        for (key, values) in &self.writes {
            writer.bytes(key);
            match values {
                Some(values) => writer.bytes(values),
                None => writer.null(),
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<BatchWrite, Error> {
        let table = reader.text_or_bytes()?;
        let mut writes = Vec::new();
        let mut key = None;
        reader.array(|reader| {
            match key.take() {
                None => key = Some(reader.bytes()?.into_owned()),
                Some(key) if reader.null()? => writes.push((key, None)),
                Some(key) => writes.push((key, Some(reader.bytes()?.into_owned()))),
            }
            Ok(())
        })?;
        Ok(BatchWrite { table, writes })
    }
}
