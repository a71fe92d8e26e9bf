//! What goes wrong between a client and its cluster: a named error or a retry that succeeds, never
//! a hang, never a write that happens twice unnoticed.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use dax_client::local::LocalDax;
use dax_client::{Client, Error};
use support::fake::{EMPTY, Fake, no_node, one_replica, refusal};
use support::proxy::{Fault, Proxy};
use support::wire::{UPDATE_ITEM, requests};
use support::{builder, n, s, start, table};

/// Long enough for a machine that is busy with other tests.
const ATTEMPT: Duration = Duration::from_secs(1);
const OPERATION: Duration = Duration::from_secs(6);

fn client(url: impl Into<String>) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    Client::builder(url)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .timeout_config(timeouts)
        .build()
        .unwrap()
}

/// A local DAX of one node behind a proxy, and a client that has called it.
async fn behind_a_proxy() -> (LocalDax, Proxy, Client, String) {
    let dax = start();
    let proxy = Proxy::start(dax.addresses()[0]).await;
    dax.advertise(&[proxy.address]);
    let (client, table) = (client(proxy.url()), table(&dax, None).await);
    client
        .put_item()
        .table_name(&table)
        .item("id", s("ann"))
        .send()
        .await
        .unwrap();
    (dax, proxy, client, table)
}

/// This crate's error behind the AWS SDK's.
fn source<E: std::error::Error + 'static>(error: &SdkError<E>) -> &Error {
    let mut source: &dyn std::error::Error = error;
    loop {
        if let Some(error) = source.downcast_ref() {
            return error;
        }
        source = source.source().unwrap_or_else(|| panic!("{error:?}"));
    }
}

#[tokio::test]
async fn a_read_moves_to_another_node_when_one_dies_in_the_middle() {
    let dax = builder().nodes(2).start().unwrap();
    let leader = Proxy::start(dax.addresses()[0]).await;
    let replica = Proxy::start(dax.addresses()[1]).await;
    dax.advertise(&[leader.address, replica.address]);
    let (client, table) = (client(leader.url()), table(&dax, None).await);
    client
        .put_item()
        .table_name(&table)
        .item("id", s("ann"))
        .send()
        .await
        .unwrap();
    for fault in [
        Fault::DropAnswer,
        Fault::CutAnswer,
        Fault::Silence,
        Fault::Rubbish,
        Fault::Refuse,
    ] {
        replica.set(fault);
        for _ in 0..20 {
            let get = client.get_item().table_name(&table).key("id", s("ann"));
            assert!(get.send().await.unwrap().item.is_some(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn reads_go_on_when_a_node_has_gone() {
    let dax = builder().nodes(3).start().unwrap();
    let (client, table) = (client(dax.endpoint_url()), table(&dax, None).await);
    client
        .put_item()
        .table_name(&table)
        .item("id", s("ann"))
        .send()
        .await
        .unwrap();
    dax.stop_node(2);
    for _ in 0..20 {
        let get = client.get_item().table_name(&table).key("id", s("ann"));
        assert!(get.send().await.unwrap().item.is_some());
    }
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_an_error_and_happens_once() {
    for fault in [Fault::DropAnswer, Fault::CutAnswer, Fault::Silence] {
        let (dax, proxy, client, table) = behind_a_proxy().await;
        proxy.set(fault);
        let update = client
            .update_item()
            .table_name(&table)
            .key("id", s("ann"))
            .update_expression("ADD visits :one")
            .expression_attribute_values(":one", n(1));
        let error = update.send().await.unwrap_err();
        assert!(
            matches!(source(&error), Error::Broken { .. } | Error::Timeout(_)),
            "{error:?}"
        );
        let sent = requests(&proxy.sent());
        let updates = sent
            .iter()
            .filter(|sent| sent.method == UPDATE_ITEM)
            .count();
        assert_eq!(updates, 1, "{fault:?}");
        // It did happen, and the next call finds out.
        proxy.set(Fault::None);
        let get = client
            .get_item()
            .table_name(&table)
            .key("id", s("ann"))
            .consistent_read(true);
        let item = get.send().await.unwrap().item.unwrap();
        assert_eq!(item["visits"], n(1), "{fault:?}");
        drop(dax);
    }
}

#[tokio::test]
async fn a_node_that_is_slow_is_a_timeout_and_no_hang() {
    let (_dax, proxy, client, table) = behind_a_proxy().await;
    proxy.set(Fault::Slow(Duration::from_secs(60)));
    let started = Instant::now();
    let get = client.get_item().table_name(&table).key("id", s("ann"));
    let error = get.send().await.unwrap_err();
    assert!(
        matches!(
            error,
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_)
        ),
        "{error:?}"
    );
    // Wide, because the machine may be slow too.
    assert!(started.elapsed() < 5 * OPERATION);
}

#[tokio::test]
async fn rubbish_is_an_error_that_says_so() {
    let (_dax, proxy, client, table) = behind_a_proxy().await;
    proxy.set(Fault::Rubbish);
    let put = client.put_item().table_name(&table).item("id", s("ann"));
    let error = put.send().await.unwrap_err();
    assert!(matches!(source(&error), Error::Malformed(_)), "{error:?}");
}

#[tokio::test]
async fn a_cluster_without_a_leader_takes_no_write_and_says_so() {
    let fake = Fake::discovered(one_replica, |_| EMPTY[0].to_vec()).await;
    let client = client(fake.url());
    let put = client.put_item().table_name("any").item("id", s("ann"));
    let error = put.send().await.unwrap_err();
    assert!(matches!(source(&error), Error::NoLeader), "{error:?}");
    let get = client.get_item().table_name("any").key("id", s("ann"));
    get.send().await.unwrap();
}

#[tokio::test]
async fn a_discovery_that_names_no_node_is_an_error_that_says_so() {
    let fake = Fake::discovered(no_node, |_| EMPTY[0].to_vec()).await;
    let get = client(fake.url())
        .get_item()
        .table_name("any")
        .key("id", s("ann"));
    let error = get.send().await.unwrap_err();
    assert!(matches!(source(&error), Error::NoNodes), "{error:?}");
}

#[tokio::test]
async fn an_answer_to_another_question_is_an_error_that_says_so() {
    for (answer, what) in [
        (&b"\x80\xa1\x00\xa1\x00\x01"[..], "a projection"),
        (b"\x80\xa0\x80\xa0", "two answers"),
        (b"\x80\x01", "a number for a map"),
    ] {
        let fake = Fake::start(|_| answer.to_vec()).await;
        let get = client(fake.url())
            .get_item()
            .table_name("any")
            .key("id", s("ann"));
        let error = get.send().await.unwrap_err();
        assert!(
            matches!(source(&error), Error::Unexpected(_)),
            "{what}: {error:?}"
        );
    }
}

/// A put that is answered by a number for its attributes, and an update that is answered by a list
/// of attribute names which the node then refuses to tell.
#[tokio::test]
async fn a_write_whose_return_values_cannot_be_read_is_not_sent_again() {
    let fake = Fake::start(|_| b"\x80\xa1\x02\x01".to_vec()).await;
    let put = client(fake.url())
        .put_item()
        .table_name("any")
        .item("id", s("ann"));
    let error = put.send().await.unwrap_err();
    assert!(
        matches!(source(&error), Error::ReturnValues(_)),
        "{error:?}"
    );
    assert_eq!(fake.calls(), 1);

    for codes in [&[4, 37, 38, 39, 50][..], &[4, 23, 31, 33]] {
        let fake = Fake::start(move |call| match call {
            0 => b"\x80\xa1\x02\x44\x09\xa1\x00\x01".to_vec(),
            _ => refusal(codes),
        })
        .await;
        let update = client(fake.url())
            .update_item()
            .table_name("any")
            .key("id", s("ann"))
            .update_expression("ADD visits :one")
            .expression_attribute_values(":one", n(1))
            .return_values("UPDATED_NEW".into());
        let error = update.send().await.unwrap_err();
        assert!(
            matches!(source(&error), Error::ReturnValues(_)),
            "{error:?}"
        );
        // The update, and the request for the list.
        assert_eq!(fake.calls(), 2, "{codes:?}");
    }
}

#[tokio::test]
async fn nobody_at_the_endpoint_is_an_error_that_names_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("dax://{}", listener.local_addr().unwrap());
    drop(listener);
    let get = client(&url)
        .get_item()
        .table_name("any")
        .key("id", s("ann"));
    let error = get.send().await.unwrap_err();
    assert!(matches!(source(&error), Error::NoRoute { .. }), "{error:?}");
    assert!(source(&error).to_string().contains(&url), "{error:?}");
}

#[tokio::test]
async fn wrong_credentials_are_refused_by_name() {
    let right = Credentials::new("local", "another", None, None, "test");
    let dax = builder().credentials(right).start().unwrap();
    let get = client(dax.endpoint_url())
        .get_item()
        .table_name("any")
        .key("id", s("ann"));
    let error = get.send().await.unwrap_err();
    assert_eq!(
        error.code(),
        Some("UnrecognizedClientException"),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_authorisation_that_ran_out_is_renewed() {
    let dax = builder()
        .authorization_lifetime(Duration::from_millis(500))
        .start()
        .unwrap();
    let (client, table) = (client(dax.endpoint_url()), table(&dax, None).await);
    for _ in 0..3 {
        client
            .put_item()
            .table_name(&table)
            .item("id", s("ann"))
            .send()
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
}

#[tokio::test]
async fn a_write_that_was_throttled_is_tried_again() {
    let fake = Fake::start(|call| match call {
        0 | 1 => refusal(&[4, 37, 38, 39, 50]),
        _ => EMPTY[0].to_vec(),
    })
    .await;
    let put = client(fake.url())
        .put_item()
        .table_name("any")
        .item("id", s("ann"));
    put.send().await.unwrap();
    assert_eq!(fake.calls(), 3);
}

#[tokio::test]
async fn a_write_that_failed_inside_is_not_tried_again() {
    let fake = Fake::start(|_| refusal(&[4, 37, 38, 39, 47])).await;
    let put = client(fake.url())
        .put_item()
        .table_name("any")
        .item("id", s("ann"));
    let error = put.send().await.unwrap_err();
    assert!(
        error.as_service_error().unwrap().is_internal_server_error(),
        "{error:?}"
    );
    assert_eq!(fake.calls(), 1);
}

#[tokio::test]
async fn a_read_that_failed_inside_is_tried_again() {
    let fake = Fake::start(|call| match call {
        0 => refusal(&[4, 37, 38, 39, 47]),
        _ => EMPTY[1].to_vec(),
    })
    .await;
    let get = client(fake.url())
        .get_item()
        .table_name("any")
        .key("id", s("ann"));
    assert!(get.send().await.unwrap().item.is_none());
}

#[tokio::test]
async fn an_error_has_the_name_that_the_sdk_gives_it() {
    for (codes, name) in [
        (&[4, 37, 38, 39, 41][..], "ResourceNotFoundException"),
        (&[4, 37, 38, 39, 43], "ConditionalCheckFailedException"),
        (&[4, 37, 38, 39, 46], "ValidationException"),
        (
            &[4, 37, 38, 39, 48],
            "ItemCollectionSizeLimitExceededException",
        ),
        (&[4, 37, 38, 42], "AccessDeniedException"),
        (&[4, 37, 38, 44], "ValidationException"),
        (&[9, 9], "DaxServiceError"),
    ] {
        let fake = Fake::start(move |_| refusal(codes)).await;
        let put = client(fake.url())
            .put_item()
            .table_name("any")
            .item("id", s("ann"));
        let error = put.send().await.unwrap_err();
        assert_eq!(error.code(), Some(name));
        assert_eq!(fake.calls(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_a_missing_item_however_it_is_written() {
    let fake = Fake::start(|call| EMPTY[call].to_vec()).await;
    let client = client(fake.url());
    for _ in EMPTY {
        let get = client.get_item().table_name("any").key("id", s("ann"));
        assert!(get.send().await.unwrap().item.is_none());
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_does_not_spoil_the_next() {
    let (_dax, proxy, client, table) = behind_a_proxy().await;
    proxy.set(Fault::Slow(Duration::from_millis(100)));
    let get = || {
        client
            .get_item()
            .table_name(&table)
            .key("id", s("ann"))
            .send()
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(20), get())
            .await
            .is_err()
    );
    proxy.set(Fault::None);
    assert!(get().await.unwrap().item.is_some());
}

/// Another process at the same address numbers its attribute lists otherwise.
#[tokio::test]
async fn a_node_that_starts_anew_gets_no_numbers_of_the_old_one() {
    let first = start();
    let (port, table) = (first.addresses()[0].port(), table(&first, None).await);
    let client = client(first.endpoint_url());
    let put = |name: &'static str| {
        client
            .put_item()
            .table_name(&table)
            .item("id", s("ann"))
            .item(name, n(1))
            .send()
    };
    put("before").await.unwrap();
    let store = first.store_config();
    first.stop_node(0);
    // The port is free once the node has stopped.
    let started = Instant::now();
    let second = loop {
        match LocalDax::builder().port(port).store(store.clone()).start() {
            Ok(dax) => break dax,
            Err(error) => assert!(started.elapsed() < Duration::from_secs(10), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let other = second.client().unwrap();
    other
        .put_item()
        .table_name(&table)
        .item("id", s("bob"))
        .item("other", n(1))
        .send()
        .await
        .unwrap();
    put("before").await.unwrap();
    let get = client
        .get_item()
        .table_name(&table)
        .key("id", s("ann"))
        .consistent_read(true);
    let item = get.send().await.unwrap().item.unwrap();
    assert_eq!(item["before"], n(1), "{item:?}");
}

#[tokio::test]
async fn many_calls_at_once_share_few_connections() {
    let dax = start();
    let proxy = Proxy::start(dax.addresses()[0]).await;
    dax.advertise(&[proxy.address]);
    let table = table(&dax, None).await;
    let client = Client::builder(proxy.url())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .max_connections(4)
        .build()
        .unwrap();
    let read = Arc::new(AtomicUsize::new(0));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (client, table, read) = (client.clone(), table.clone(), read.clone());
        calls.spawn(async move {
            client
                .get_item()
                .table_name(&table)
                .key("id", s("ann"))
                .send()
                .await
                .unwrap();
            read.fetch_add(1, Ordering::Relaxed);
        });
    }
    calls.join_all().await;
    assert_eq!(read.load(Ordering::Relaxed), 100);
    assert!(proxy.sent().len() <= 4, "{}", proxy.sent().len());
}
