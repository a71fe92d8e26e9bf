//! SSML, the markup in which a skill speaks when plain text is not enough.

/// Markup, for speech with pauses, sounds or another pronunciation. Plain text needs no markup and no
/// escaping: give [`Response`](crate::Response) a string.
///
/// ```
/// use alexa_skill::ssml::{Ssml, escape};
///
/// async fn greet() -> Ssml {
///     let name = "Tom & Jerry";
///     Ssml::new(format!("Hello <break time=\"1s\"/> {}.", escape(name)))
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssml(String);

impl Ssml {
    /// Takes markup, with or without a `<speak>` element around it. A text that is not yours, such as
    /// what a user said, goes through [`escape`] first.
    pub fn new(markup: impl Into<String>) -> Ssml {
        Ssml(markup.into())
    }

    /// The markup without the `<speak>` element and the space around it.
    pub(crate) fn content(&self) -> &str {
        let text = self.0.trim();
        text.strip_prefix("<speak>")
            .and_then(|rest| rest.strip_suffix("</speak>"))
            .map_or(text, str::trim)
    }
}

/// Plain text as markup that says the same.
pub(crate) fn plain(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            other => markup.push(other),
        }
    }
    markup
}

/// The elements of Alexa's SSML (SSML Reference).
const ELEMENTS: &[&str] = &[
    "amazon:domain",
    "amazon:effect",
    "amazon:emotion",
    "alexa:name",
    "audio",
    "break",
    "emphasis",
    "lang",
    "p",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "speak",
    "sub",
    "voice",
    "w",
];

/// The first element of SSML in a text that is going to be said as plain text: somebody who is used to
/// the ASK SDKs, where a string is markup, may have meant it.
pub(crate) fn element_in(text: &str) -> Option<&'static str> {
    text.split('<').skip(1).find_map(|rest| {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let element = ELEMENTS.iter().find(|element| {
            let after = name.strip_prefix(**element);
            after.is_some_and(|after| after.starts_with(['>', '/', ' ', '\t', '\n']))
        });
        element.filter(|_| rest.contains('>')).copied()
    })
}

/// Escapes the five characters that mean something in SSML, for a text that goes into [`Ssml`]. Nothing is un-escaped first: `&amp;`
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
    use super::{element_in, escape, plain};

    #[test]
    fn plain_text_keeps_its_quotes() {
        assert_eq!(
            plain("Tom & Jerry's \"<5>\""),
            "Tom &amp; Jerry's \"&lt;5&gt;\""
        );
    }

    #[test]
    fn an_element_of_ssml_is_found_and_a_comparison_is_none() {
        assert_eq!(element_in("Wait <break time='1s'/> here"), Some("break"));
        assert_eq!(element_in("<speak>Hello</speak>"), Some("speak"));
        assert_eq!(element_in("bye</amazon:effect>"), Some("amazon:effect"));
        for text in ["a < b", "x <s and y", "<b>cheese</b>", "<sunny>", "p>q"] {
            assert_eq!(element_in(text), None, "{text}");
        }
    }

    #[test]
    fn all_five_are_escaped_and_nothing_is_unescaped_first() {
        assert_eq!(
            escape(r#"<a b="c">'&amp;'"#),
            "&lt;a b=&quot;c&quot;&gt;&apos;&amp;amp;&apos;"
        );
    }
}
