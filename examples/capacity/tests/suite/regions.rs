//! What two Regions make of a condition.

use capacity::regions::{GlobalTable, Item, Region};

/// Milliseconds until a write is in the other Region.
const DELAY: u64 = 1000;

fn visits(count: u32) -> Item {
    Item {
        count,
        version: u64::from(count),
    }
}

#[test]
fn in_one_region_the_second_save_on_one_read_is_refused() {
    let mut table = GlobalTable::new(DELAY);
    let read = table.read(Region::Virginia);
    assert!(table.save(Region::Virginia, 0, &read, 1));
    assert!(!table.save(Region::Virginia, 1, &read, 1));
    table.settle();
    assert_eq!(table.read(Region::Ireland), visits(1));
}

#[test]
fn in_two_regions_both_are_accepted_and_one_is_lost() {
    let mut table = GlobalTable::new(DELAY);
    let virginia = table.read(Region::Virginia);
    let ireland = table.read(Region::Ireland);
    assert!(table.save(Region::Virginia, 0, &virginia, 1));
    assert!(table.save(Region::Ireland, DELAY - 1, &ireland, 1));
    table.settle();
    for region in [Region::Virginia, Region::Ireland] {
        // Two visits were answered, and one is kept.
        assert_eq!(table.read(region), visits(1));
    }
}

#[test]
fn nothing_is_lost_when_the_second_region_reads_after_the_delay() {
    let mut table = GlobalTable::new(DELAY);
    let read = table.read(Region::Virginia);
    assert!(table.save(Region::Virginia, 0, &read, 1));
    table.deliver(DELAY);
    let read = table.read(Region::Ireland);
    assert!(table.save(Region::Ireland, DELAY, &read, 2));
    table.settle();
    assert_eq!(table.read(Region::Virginia), visits(2));
}

#[test]
fn replicas_agree_whatever_the_order_of_delivery() {
    for first in [Region::Virginia, Region::Ireland] {
        let second = first.other();
        for apart in [0, 1, DELAY, 3 * DELAY] {
            let mut table = GlobalTable::new(DELAY);
            for round in 0..3 {
                let at = round * 5 * DELAY;
                let (a, b) = (table.read(first), table.read(second));
                table.save(first, at, &a, a.count + 1);
                table.save(second, at + apart, &b, b.count + 1);
                table.deliver(at + 4 * DELAY);
            }
            table.settle();
            assert_eq!(table.read(first), table.read(second));
        }
    }
}
