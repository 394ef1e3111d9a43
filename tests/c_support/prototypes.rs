use std::fs;

use super::root;

/// A function that the header declares.
pub struct Prototype {
    pub name: String,
    pub parameters: Vec<Parameter>,
}

pub struct Parameter {
    pub name: String,
    /// Its type, such as `const char *`.
    pub declared: String,
}

/// A call in a program.
pub struct Call {
    pub function: String,
    pub arguments: Vec<String>,
}

/// The functions of the header, in its order.
pub fn prototypes() -> Vec<Prototype> {
    let header = fs::read_to_string(root().join("include/oauth_token.h")).expect("no header");
    let code: Vec<_> =
        without_comments(&header).lines().filter(|line| !line.starts_with('#')).map(String::from).collect();
    code.join(" ").split([';', '{', '}']).filter_map(prototype).collect()
}

/// The calls of the library's functions whose outcome a program checks, by one of the macros of `check.h`.
pub fn checked_calls(program: &str) -> Vec<Call> {
    let program = without_comments(program);
    let checks = calls(&program).into_iter().filter(|call| call.function.starts_with("CHECK"));
    let checked = checks.flat_map(|check| check.arguments).collect::<Vec<_>>().join(" , ");
    calls(&checked).into_iter().filter(|call| call.function.starts_with("oauth_")).collect()
}

/// All calls of the library's functions in a program.
pub fn library_calls(program: &str) -> Vec<Call> {
    let calls = calls(&without_comments(program)).into_iter();
    calls.filter(|call| call.function.starts_with("oauth_")).collect()
}

fn prototype(declaration: &str) -> Option<Prototype> {
    if declaration.trim_start().starts_with("typedef") {
        return None;
    }
    let (head, rest) = declaration.split_once('(')?;
    let (_, name) = split_name(head);
    let parameters = between_parentheses(rest).into_iter().filter(|parameter| parameter != "void");
    let parameters = parameters.map(|parameter| {
        let (declared, name) = split_name(&parameter);
        Parameter { name: name.to_owned(), declared: declared.to_owned() }
    });
    Some(Prototype { name: name.to_owned(), parameters: parameters.collect() })
}

/// Every name before a parenthesis, and what stands in it; what is called there is found too.
fn calls(code: &str) -> Vec<Call> {
    let calls = code.match_indices('(').map(|(place, _)| Call {
        function: split_name(&code[..place]).1.to_owned(),
        arguments: between_parentheses(&code[place + 1..]),
    });
    calls.collect()
}

/// What ends with a name, split before it.
fn split_name(text: &str) -> (&str, &str) {
    let is_part_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let text = text.trim_end();
    let (before, name) = text.split_at(text.trim_end_matches(is_part_of_name).len());
    (before.trim(), name)
}

/// What commas separate, up to the parenthesis that closes.
fn between_parentheses(code: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0);
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            ')' if depth == 0 => break,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            _ => {}
        }
        part.push(character);
        if character == '"' || character == '\'' {
            push_literal(&mut part, &mut characters, character);
        }
    }
    parts.push(part);
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// Takes the rest of a literal over, in which parentheses and commas mean nothing.
fn push_literal(part: &mut String, characters: &mut std::str::Chars<'_>, quote: char) {
    while let Some(character) = characters.next() {
        part.push(character);
        match character {
            '\\' => part.extend(characters.next()),
            _ if character == quote => return,
            _ => {}
        }
    }
}

fn without_comments(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").expect("a comment does not end").1;
    }
    code.push_str(rest);
    let lines: Vec<_> = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    lines.join("\n")
}
