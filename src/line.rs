//! Text that is shown to people, whoever wrote it.

/// One line of at most `length` characters without control characters.
pub(crate) fn clean(text: &str, length: usize) -> String {
    let printable = |character: char| if is_blank(character) { ' ' } else { character };
    let line: String = text.chars().map(printable).collect();
    let mut words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(length) {
        words.truncate(cut);
        words.push('…');
    }
    words
}

/// Whether people see nothing where it stands.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control() || is_disguising(character)
}

/// Line separators, what has no width, and marks that make text read in another order than it is written.
fn is_disguising(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_becomes_a_space() {
        for blank in [
            "\0",
            "\t",
            "\r\n",
            "\u{7f}",
            "\u{85}",
            "\u{ad}",
            "\u{61c}",
            "\u{180e}",
            "\u{200b}",
            "\u{200f}",
            "\u{2028}",
            "\u{202e}",
            "\u{2060}",
            "\u{2064}",
            "\u{2066}",
            "\u{2069}",
            "\u{206f}",
            "\u{feff}",
            "\u{fff9}",
            "\u{fffb}",
            "\u{e0001}",
            "\u{e0041}",
            "\u{e007f}",
        ] {
            assert_eq!(clean(&format!("{blank}a{blank}{blank}b"), 10), "a b", "{}", blank.escape_unicode());
        }
        assert_eq!(clean("ü ☂ 字 \u{1f602}", 10), "ü ☂ 字 \u{1f602}");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(clean("üüü", 2), "üü…");
        assert_eq!(clean("üü", 2), "üü");
    }
}
