//! How DynamoDB divided a table's throughput in its first years, from Elhemali et al., "Amazon
//! DynamoDB: A Scalable, Predictably Performant, and Fully Managed NoSQL Database Service",
//! USENIX ATC 2022.

// ANCHOR: share
/// What each partition may take of a table's throughput: all partitions the same.
///
/// ```
/// use dynamo_paper::provisioned::partition_share;
///
/// assert_eq!(partition_share(3200.0, 4), 800.0);
/// ```
pub fn partition_share(table: f64, partitions: u32) -> f64 {
    table / f64::from(partitions)
}

/// How many times as many requests reach what stands behind a cache when the cache is empty.
///
/// ```
/// use dynamo_paper::provisioned::cold_cache_factor;
///
/// assert_eq!(cold_cache_factor(0.9975).round(), 400.0);
/// ```
pub fn cold_cache_factor(hit_rate: f64) -> f64 {
    1.0 / (1.0 - hit_rate)
}
// ANCHOR_END: share
