//! What `new` can copy out.

/// A skill that can be copied out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The name of its package and of its folder.
    pub name: String,
    /// One line on what it is.
    pub description: String,
}

/// A line for each starter, with what it is beside its name.
pub fn listed(starters: &[Starter]) -> String {
    let widest = starters.iter().map(|starter| starter.name.len()).max();
    let width = widest.unwrap_or_default();
    let line = |starter: &Starter| format!("{:width$}  {}", starter.name, starter.description);
    starters.iter().map(line).collect::<Vec<_>>().join("\n")
}
