//! What the scaling chapter says of the models, on seeds that are not the figures'.

use capacity::money::Money;
use capacity::scaling::{
    AutoScaling, BURST_SECONDS, Bucket, Choice, Day, OnDemand, PARTITION, Policy, to_one_item,
};
use capacity::scenario::{self, Evening};

const POLICY: Policy = Policy {
    least: 5.0,
    most: 10_000.0,
    target: 0.7,
};

/// So many requests in each second of so many minutes.
fn steady(rate: f64, minutes: usize) -> Vec<f64> {
    vec![rate; minutes * 60]
}

/// The capacity in the last second.
fn capacity_after(table: &mut AutoScaling, requests: &[f64]) -> f64 {
    let seconds = requests.iter().map(|offered| table.second(*offered));
    seconds.last().unwrap().capacity
}

#[test]
fn capacity_grows_after_two_minutes_above_the_target_and_the_time_to_apply() {
    let mut table = AutoScaling::following(POLICY, 7.0);
    let played = |table: &mut AutoScaling| capacity_after(table, &steady(9.0, 1));
    // Ten units for seven requests a second; nine are above 70 %.
    assert_eq!([(); 4].map(|()| played(&mut table)), [10.0; 4]);
    assert_eq!(played(&mut table), 13.0);
}

#[test]
fn one_minute_above_the_target_changes_nothing() {
    let mut table = AutoScaling::following(POLICY, 7.0);
    capacity_after(&mut table, &steady(9.0, 1));
    assert_eq!(capacity_after(&mut table, &steady(7.0, 30)), 10.0);
}

#[test]
fn capacity_shrinks_after_fifteen_minutes_a_fifth_below_the_target() {
    let mut table = AutoScaling::following(POLICY, 70.0);
    assert_eq!(capacity_after(&mut table, &steady(49.0, 17)), 100.0);
    assert_eq!(capacity_after(&mut table, &steady(49.0, 1)), 70.0);
    // Half of the capacity is not a fifth below 70 %.
    let mut table = AutoScaling::following(POLICY, 70.0);
    assert_eq!(capacity_after(&mut table, &steady(50.0, 60)), 100.0);
}

#[test]
fn a_day_has_at_most_twenty_seven_decreases() {
    let mut table = AutoScaling::following(POLICY, 7000.0);
    let mut rate = 7000.0;
    for _ in 0..24 * 4 {
        rate *= 0.93;
        capacity_after(&mut table, &steady(rate, 15));
    }
    assert!(
        (5..=27).contains(&table.decreases()),
        "{}",
        table.decreases()
    );
}

#[test]
fn the_bounds_of_the_policy_hold() {
    let policy = Policy {
        most: 50.0,
        ..POLICY
    };
    let mut table = AutoScaling::following(policy, 7.0);
    assert_eq!(capacity_after(&mut table, &steady(1000.0, 60)), 50.0);
    assert_eq!(capacity_after(&mut table, &steady(0.0, 600)), 5.0);
}

#[test]
fn a_full_bucket_carries_a_table_through_so_many_seconds_and_no_more() {
    let mut bucket = Bucket::full(10.0);
    let served: f64 = (0..60).map(|_| bucket.take(100.0, 10.0)).sum();
    assert_eq!(served, BURST_SECONDS * 10.0 + 60.0 * 10.0);
    assert_eq!(bucket.take(100.0, 10.0), 10.0);
    // It fills as fast as capacity is not used.
    (0..30).for_each(|_| assert_eq!(bucket.take(0.0, 10.0), 0.0));
    assert_eq!(bucket.take(1000.0, 10.0), 310.0);
}

#[test]
fn a_throttled_table_asks_for_what_it_served_and_never_sees_what_it_refused() {
    let mut table = AutoScaling::following(POLICY, 7.0);
    let minutes = (0..40).map(|_| capacity_after(&mut table, &steady(2000.0, 1)));
    let mut capacities: Vec<f64> = minutes.collect();
    capacities.dedup();
    // The full bucket shows once. After that a table that serves all its capacity looks as if it
    // needed 1/0.7 of it, and 40 minutes do not reach what is asked of it in every second.
    assert_eq!(capacities[..2], [10.0, 86.0]);
    for pair in capacities[1..].windows(2) {
        assert_eq!(pair[1], (pair[0] / 0.7).ceil());
    }
    assert!((1000.0..2000.0).contains(capacities.last().unwrap()));
}

#[test]
fn a_new_table_on_demand_serves_four_thousand_and_later_twice_its_peak() {
    let mut table = OnDemand::new();
    assert_eq!(table.second(3999.0).served, 3999.0);
    assert_eq!(table.second(9000.0).served, 4000.0);
    // Half an hour later the 4,000 are the previous peak.
    (0..30 * 60).for_each(|_| {
        table.second(0.0);
    });
    assert_eq!(table.second(9000.0).served, 8000.0);
}

#[test]
fn one_item_is_served_a_thousand_times_a_second_by_any_table() {
    assert_eq!(to_one_item(5000.0), PARTITION);
    assert_eq!(to_one_item(12.0), 12.0);
}

#[test]
fn on_an_ordinary_day_auto_scaling_refuses_next_to_nothing_and_costs_half_as_much() {
    for seed in 0..20 {
        let [on_demand, auto, fixed, _] = days(Evening::Ordinary, seed);
        assert_eq!(on_demand.throttled(), 0.0);
        assert!(auto.throttled() < 100.0, "{}", auto.throttled());
        assert_eq!(fixed.throttled(), 0.0);
        assert!(auto.cost() * 100 < on_demand.cost() * 60, "seed {seed}");
        assert!(auto.cost() * 100 > on_demand.cost() * 45, "seed {seed}");
        assert!(fixed.cost() > on_demand.cost());
    }
}

#[test]
fn at_a_spot_auto_scaling_refuses_four_of_five_users_and_on_demand_none() {
    for seed in 0..20 {
        let [on_demand, auto, fixed, prepared] = days(Evening::Spot, seed);
        let came = on_demand.served() - days(Evening::Ordinary, seed)[0].served();
        assert_eq!(on_demand.throttled(), 0.0);
        assert_eq!(prepared.throttled(), 0.0);
        assert!(auto.throttled() > 0.8 * came, "seed {seed}");
        // Auto scaling helps no more than no scaling: it comes when the users are gone.
        assert!((auto.throttled() / fixed.throttled() - 1.0).abs() < 0.05);
        assert!(prepared.cost() > on_demand.cost() * 40);
    }
}

#[test]
fn a_greater_spot_is_too_much_for_a_new_table_on_demand_too() {
    for seed in 0..5 {
        let [on_demand, auto, ..] = days(Evening::GreatSpot, seed);
        assert!(on_demand.throttled() > 100_000.0);
        assert!(auto.throttled() > 4.0 * on_demand.throttled());
    }
}

#[test]
fn a_day_is_paid_for_what_it_had() {
    let requests = steady(1.0, 24 * 60);
    let cost = |choice| Day::play(choice, &requests).cost();
    // 86,400 writes; 2 units for 24 hours.
    assert_eq!(cost(Choice::OnDemand), Money::dollars("0.054"));
    assert_eq!(cost(Choice::Fixed(2.0)), Money::dollars("0.0312"));
}

fn days(evening: Evening, seed: u64) -> [Day; 4] {
    scenario::play(evening, seed).try_into().unwrap()
}
