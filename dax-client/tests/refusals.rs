//! What the local DAX answers to a request that it does not serve or cannot read, as bytes: no client
//! of this crate sends one.

mod support;

use minicbor::{Decoder, Encoder};
use support::start;
use support::wire::AUTHORIZE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const GET_ITEM: i64 = 263_244_906;
const TRANSACT_GET_ITEMS: i64 = 1_866_287_579;

type Request = Encoder<Vec<u8>>;

/// A connection's first bytes, up to the arguments of a request.
fn request(method: i64) -> Result<Request, Box<dyn std::error::Error>> {
    let mut bytes = Encoder::new(Vec::new());
    bytes.str("J7yne5G")?.u8(0)?.bytes(b"")?.map(0)?.u8(0)?;
    bytes.u8(1)?.i64(AUTHORIZE)?;
    bytes.str("id")?.str("")?.bytes(b"")?.null()?.str("")?;
    bytes.u8(1)?.i64(method)?;
    Ok(bytes)
}

/// The codes and the message of the answer.
async fn answer(request: Request) -> (Vec<i64>, String) {
    let dax = start();
    let mut stream = TcpStream::connect(dax.addresses()[0]).await.unwrap();
    stream.write_all(request.writer()).await.unwrap();
    // Nothing more is asked: the node answers what it has and closes the connection.
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let mut decoder = Decoder::new(&answer);
    let codes = decoder.array_iter().unwrap().collect::<Result<_, _>>();
    let message = decoder.str().unwrap().to_owned();
    (codes.unwrap(), message)
}

#[tokio::test]
async fn a_method_that_the_local_dax_lacks_is_refused_by_name() {
    let (codes, message) = answer(request(TRANSACT_GET_ITEMS).unwrap()).await;
    assert_eq!(codes, [4, 37, 38, 44]);
    assert_eq!(
        message,
        "The local DAX has no method 1866287579, and no transactions."
    );
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_refused_as_such() {
    let mut get = request(GET_ITEM).unwrap();
    get.bytes(b"users").unwrap().bytes(b"ann").unwrap();
    get.map(1).unwrap().u8(99).unwrap().u8(0).unwrap();
    let (codes, message) = answer(get).await;
    assert_eq!(codes, [4, 37, 38, 39, 46]);
    assert_eq!(
        message,
        "The request cannot be read: an option unknown here"
    );
}
