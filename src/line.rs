//! Text that is shown to people, whoever wrote it.

/// One line of at most `length` characters without control characters.
pub(crate) fn clean(text: &str, length: usize) -> String {
    let printable = |character: char| if character.is_control() || is_disguising(character) { ' ' } else { character };
    let line: String = text.chars().map(printable).collect();
    let mut words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(length) {
        words.truncate(cut);
        words.push('…');
    }
    words
}

/// Line separators, and marks that make text read in another order than it is written.
fn is_disguising(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
