//! What time it is in a browser, and how to wait there.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use futures_channel::oneshot;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, milliseconds: f64);
}

/// The browser's clock.
#[derive(Debug)]
pub(crate) struct Clock;

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(js_sys::Date::now() / 1000.0)
    }
}

/// The browser's timer.
#[derive(Debug)]
pub(crate) struct Timer;

impl AsyncSleep for Timer {
    fn sleep(&self, duration: Duration) -> Sleep {
        // A promise cannot move between threads, as the SDK wants it of what it waits for.
        let (done, over) = oneshot::channel();
        let milliseconds = duration.as_secs_f64() * 1000.0;
        spawn_local(async move {
            let timer = Promise::new(&mut |then, _| set_timeout(&then, milliseconds));
            let _ = JsFuture::from(timer).await;
            let _ = done.send(());
        });
        Sleep::new(async move {
            let _ = over.await;
        })
    }
}
