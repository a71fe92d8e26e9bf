//! Section 6.5: how slow requests are while background work wants the disk too.

use std::collections::VecDeque;

use super::{Axis, Figure, Legend, Series, Style};
use crate::admission::AdmissionController;
use crate::latency::Times;
use crate::random::Random;

const SECONDS: usize = 1800;
const REQUESTS_A_SECOND: usize = 50;

/// The background work asks for so many slices, each this share of the disk's time.
const SLICES: u32 = 10;
const SLICE: f64 = 0.04;

/// "Say 50ms".
const THRESHOLD: f64 = 50.0;

/// Background work that waits at the start, in slices.
const BACKLOG: u32 = 12_000;

/// How long a request keeps an idle disk busy, in milliseconds.
const WORK: f64 = 4.0;

/// The share of the disk's time that requests need: ten busy minutes between quiet ones.
fn requests_need(second: usize) -> f64 {
    if (600..1200).contains(&second) {
        0.5
    } else {
        0.2
    }
}

/// The 99th percentile of each 30 seconds, and the backlog at their end.
type Course = Vec<(f64, f64, u32)>;

// ANCHOR: course
fn course(mut controller: Option<AdmissionController>, random: &mut Random) -> Course {
    let mut last_minute: VecDeque<f64> = VecDeque::new();
    let mut backlog = BACKLOG;
    let mut granted = SLICES;
    let mut course = Course::new();
    for second in 0..SECONDS {
        if let Some(controller) = &mut controller
            && second % 10 == 0
        {
            let seen: Times = last_minute.iter().copied().collect();
            granted = controller.grant(seen.percentile(0.99));
        }
        let slices = granted.min(backlog);
        backlog -= slices;
        let idle = 1.0 - requests_need(second) - f64::from(slices) * SLICE;
        for _ in 0..REQUESTS_A_SECOND {
            last_minute.push_back(random.exponential(WORK / idle));
        }
        let surplus = last_minute.len().saturating_sub(60 * REQUESTS_A_SECOND);
        last_minute.drain(..surplus);
        if second % 30 == 29 {
            let recent = last_minute.iter().rev().take(30 * REQUESTS_A_SECOND);
            let recent: Times = recent.copied().collect();
            course.push((second as f64 + 1.0, recent.percentile(0.99), backlog));
        }
    }
    course
}
// ANCHOR_END: course

pub(super) fn compute(seed: u64) -> Figure {
    let controller = AdmissionController::new(THRESHOLD, SLICES);
    let with = course(Some(controller), &mut Random::stream(seed, 0));
    let without = course(None, &mut Random::stream(seed, 1));
    let times = |course: &Course| course.iter().map(|point| (point.0, point.1)).collect();
    let left = |course: &Course| {
        let share = |backlog: u32| 100.0 * f64::from(backlog) / f64::from(BACKLOG);
        course
            .iter()
            .map(|point| (point.0, share(point.2)))
            .collect()
    };
    Figure {
        name: "background",
        title: "Section 6.5: requests beside background work, a model",
        x: Axis::linear(
            "seconds",
            &[0.0, 300.0, 600.0, 900.0, 1200.0, 1500.0, 1800.0],
            0,
        ),
        y: Axis::linear(
            "99th percentile, ms; work left, %",
            &[0.0, 50.0, 100.0, 150.0, 200.0, 250.0],
            0,
        ),
        legend: Legend::UpperRight,
        series: vec![
            Series::new("no controller, ms", Style::Line, 1, times(&without)),
            Series::new("controller, ms", Style::Line, 0, times(&with)),
            Series::new("no controller, work left", Style::Dashes, 1, left(&without)),
            Series::new("controller, work left", Style::Dashes, 0, left(&with)),
        ],
    }
}
