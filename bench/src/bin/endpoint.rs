//! Starts the embedded DynamoDB, prints its URL, and ends with its standard input.

use std::io;

use local_dynamodb::LocalDynamoDb;

fn main() -> io::Result<()> {
    let local = LocalDynamoDb::embedded()?;
    println!("{}", local.endpoint_url());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
