//! Text for SSML, the markup in which a skill speaks.

/// Escapes the five characters that mean something in SSML. Nothing is un-escaped first: `&amp;`
/// becomes `&amp;amp;`, because a text that holds `&amp;` means these five characters.
///
/// ```
/// assert_eq!(alexa_skill::ssml::escape("Tom & Jerry"), "Tom &amp; Jerry");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn all_five_are_escaped_and_nothing_is_unescaped_first() {
        assert_eq!(
            escape(r#"<a b="c">'&amp;'"#),
            "&lt;a b=&quot;c&quot;&gt;&apos;&amp;amp;&apos;"
        );
    }
}
