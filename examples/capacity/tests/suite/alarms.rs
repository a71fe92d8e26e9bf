//! When an alarm rings.

use capacity::alarms::first_ring;

// ANCHOR: quiet
#[test]
fn an_alarm_that_wants_five_minutes_in_a_row_never_rings_for_a_quiet_skill() {
    // Somebody speaks to the skill every third minute, and every turn fails.
    let errors: Vec<Option<f64>> = (0..24 * 60)
        .map(|minute| (minute % 3 == 0).then_some(1.0))
        .collect();
    assert_eq!(first_ring(&errors, 5, 5, 0.0), None);
    assert_eq!(first_ring(&errors, 3, 15, 0.0), Some(7));
}
// ANCHOR_END: quiet

#[test]
fn two_failures_in_a_quarter_of_an_hour_wake_nobody() {
    let mut errors = vec![Some(0.0); 60];
    errors[10] = Some(1.0);
    errors[20] = Some(3.0);
    assert_eq!(first_ring(&errors, 3, 15, 0.0), None);
    errors[24] = Some(1.0);
    assert_eq!(first_ring(&errors, 3, 15, 0.0), Some(25));
}
