//! Bills and break-even points, computed by hand.

use std::process::Command;

use capacity::break_even;
use capacity::cost::{Bill, FreeTier, Place, Skill, bill};
use capacity::error::Error;
use capacity::money::Money;
use capacity::prices;

/// Ten turns a user, 600 bytes, four times the average in the busiest minute.
fn skill(turns: u64) -> Skill {
    Skill::new(turns, turns / 10, 600, 4).unwrap()
}

fn dollars(text: &'static str) -> Money {
    Money::dollars(text)
}

#[test]
fn a_hundred_thousand_turns_on_demand() {
    let bill = bill(&skill(100_000), Place::OnDemand, FreeTier::Left);
    let expected = Bill {
        // 100,000 x (0.625 + 0.125) / 1,000,000
        requests: dollars("0.075"),
        hours: Money::ZERO,
        storage: Money::ZERO,
        // 10,000 users x 700 bytes, of a GB's 1,073,741,824, at 0.20
        recovery: dollars("0.20").for_each(1_073_741_824) * 7_000_000,
    };
    assert_eq!(bill, expected);
    // 0.2 x 7 / 1,073.741824 = 0.0013039
    assert_eq!(bill.total().to_string(), "0.0763");
}

#[test]
fn ten_million_turns_fit_into_the_free_units() {
    // 10,000,000 / 2,628,000 s x 4 / 0.7 = 21.74 units.
    let free = bill(&skill(10_000_000), Place::Provisioned, FreeTier::Left);
    assert_eq!(free.hours, Money::ZERO);
    // 22 x (0.00065 + 0.00013) x 730
    let paid = bill(&skill(10_000_000), Place::Provisioned, FreeTier::UsedUp);
    assert_eq!(paid.hours, dollars("12.5268"));
    let on_demand = bill(&skill(10_000_000), Place::OnDemand, FreeTier::UsedUp);
    assert_eq!(on_demand.requests, dollars("7.5"));
    // A million users x 700 bytes: 0.25 x 700 / 1,073.741824 = 0.162981
    assert_eq!(on_demand.storage.to_string(), "0.1630");
}

#[test]
fn capacity_beyond_the_free_units_is_paid() {
    // 100,000,000 turns: 218 units of each kind, of which 25 are free: 193 x 0.00078 x 730.
    let bill = bill(&skill(100_000_000), Place::Provisioned, FreeTier::Left);
    assert_eq!(bill.hours, dollars("109.8942"));
}

#[test]
fn a_gigabyte_has_1024_megabytes() {
    // 1,024 x 1,024 users x (924 + 100) bytes.
    let skill = Skill::new(1, 1 << 20, 924, 1).unwrap();
    let table = bill(&skill, Place::OnDemand, FreeTier::UsedUp);
    assert_eq!(table.storage, dollars("0.25"));
    assert_eq!(table.recovery, dollars("0.20"));
    let skill = Skill::new(1, 1 << 20, 1024, 1).unwrap();
    let bucket = bill(&skill, Place::S3, FreeTier::UsedUp);
    assert_eq!(bucket.storage, dollars("0.023"));
}

#[test]
fn storage_is_paid_from_the_first_byte_above_the_free_ones() {
    // 924 + 100 bytes a user.
    let storage = |users| {
        let skill = Skill::new(1, users, 924, 1).unwrap();
        bill(&skill, Place::OnDemand, FreeTier::Left).storage
    };
    assert_eq!(storage(25 << 20), Money::ZERO);
    assert_eq!(storage((25 << 20) + 1), dollars("0.25").for_each(1 << 20));
}

#[test]
fn one_byte_more_can_be_one_unit_more() {
    let units = |item| {
        let skill = Skill::new(1, 1, item, 1).unwrap();
        (skill.read_units(), skill.write_units())
    };
    assert_eq!(units(1), (1, 1));
    assert_eq!((units(1024), units(1025)), ((1, 1), (1, 2)));
    assert_eq!((units(4096), units(4097)), ((1, 4), (2, 5)));
    assert_eq!(units(400 * 1024), (100, 400));
}

#[test]
fn a_bucket_costs_seven_times_as_much_for_a_small_item_and_less_for_a_large_one() {
    let requests = |item, place| {
        let skill = Skill::new(1_000_000, 1, item, 1).unwrap();
        bill(&skill, place, FreeTier::Left).requests
    };
    assert_eq!(requests(600, Place::S3), dollars("5.4"));
    assert_eq!(requests(600, Place::OnDemand), dollars("0.75"));
    assert_eq!(requests(8192, Place::OnDemand), dollars("5.25"));
    assert_eq!(requests(8193, Place::OnDemand), dollars("6"));
    assert_eq!(break_even::largest_item(), 8192);
}

#[test]
fn a_dax_node_costs_more_than_the_reads_it_saves() {
    let bill = bill(&skill(10_000_000), Place::Dax, FreeTier::Left);
    assert_eq!(bill.hours, dollars("29.2"));
    assert_eq!(bill.requests, dollars("6.25"));
    // 29.2 / 0.125 millions
    assert_eq!(break_even::reads_of_a_dax_node(), 233_600_000);
}

#[test]
fn capacity_pays_above_twenty_six_ninetieths() {
    // 0.00065 / (3600 x 0.000000625) = 0.00013 / (3600 x 0.000000125) = 26 / 90
    let writes = break_even::utilisation(prices::WRITE_CAPACITY_HOUR.each(), prices::WRITE.each());
    let reads = break_even::utilisation(prices::READ_CAPACITY_HOUR.each(), prices::READ.each());
    assert_eq!((writes, reads), (2889, 2889));
    // 0.7 x 90 / 26
    let peak = break_even::steepest_peak(prices::WRITE_CAPACITY_HOUR.each(), prices::WRITE.each());
    assert_eq!(peak, 242);
}

#[test]
fn below_the_steepest_peak_capacity_is_cheaper_and_above_it_is_not() {
    let cost = |peak, place| {
        // So many turns that rounding a capacity up to a whole unit does not matter.
        let skill = Skill::new(10_000_000_000, 1, 600, peak).unwrap();
        bill(&skill, place, FreeTier::UsedUp).total()
    };
    assert!(cost(2, Place::Provisioned) < cost(2, Place::OnDemand));
    assert!(cost(3, Place::Provisioned) > cost(3, Place::OnDemand));
}

#[test]
fn the_smallest_table_and_the_free_one() {
    // 0.00078 x 730 / 0.00000075
    assert_eq!(break_even::smallest_table(), 759_200);
    let at = |turns| bill(&skill(turns), Place::OnDemand, FreeTier::UsedUp).requests;
    assert_eq!(at(759_200), dollars("0.5694"));

    // 25 x 2,628,000 x 0.7 / 4
    let most = break_even::free_turns(4);
    assert_eq!(most, 11_497_500);
    let hours = |turns| bill(&skill(turns), Place::Provisioned, FreeTier::Left).hours;
    assert_eq!(hours(most), Money::ZERO);
    assert!(hours(most + 10) > Money::ZERO);

    let end = break_even::free_tier_pays(4);
    let total = |turns, place| bill(&skill(turns), place, FreeTier::Left).total();
    let (before, after) = (end - 100_000, end);
    assert!(total(before, Place::Provisioned) < total(before, Place::OnDemand));
    assert!(total(after, Place::Provisioned) >= total(after, Place::OnDemand));
}

#[test]
fn numbers_out_of_bounds_are_named() {
    for (turns, users, item, peak, message) in [
        (
            0,
            1,
            1,
            1,
            "turns a month must be from 1 to 1,000,000,000,000, not 0",
        ),
        (
            1,
            0,
            1,
            1,
            "users must be from 1 to 1,000,000,000,000, not 0",
        ),
        (
            1,
            1,
            409_601,
            1,
            "bytes of an item must be from 1 to 409,600, not 409,601",
        ),
        (1, 1, 1, 0, "the peak must be from 1 to 1,000, not 0"),
    ] {
        let error: Error = Skill::new(turns, users, item, peak).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn the_program_says_what_is_wrong_with_its_arguments() {
    for (arguments, message) in [
        (&["--turns", "0"][..], "turns a month must be from 1"),
        (
            &["--turns", "many"],
            "invalid value 'many' for '--turns <TURNS>'",
        ),
        (
            &["--turns", "1", "--item", "409601"],
            "bytes of an item must be",
        ),
        (&[], "required arguments were not provided"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capacity"));
        let output = command.arg("cost").args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn the_largest_skill_does_not_overflow() {
    let most = 1_000_000_000_000;
    let skill = Skill::new(most, most, 400 * 1024, 1000).unwrap();
    for place in Place::ALL {
        for tier in [FreeTier::Left, FreeTier::UsedUp] {
            assert!(bill(&skill, place, tier).total() > dollars("1000000"));
        }
    }
}
