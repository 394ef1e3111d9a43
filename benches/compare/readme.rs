//! The part of the README that the comparison writes.

use std::fs;

use crate::command::file;
use crate::machine;
use crate::table::Table;

const START: &str = "<!-- measured -->\n";
const END: &str = "<!-- end of measured -->";

pub(crate) fn renew(table: &Table) {
    let path = file("README.md");
    let readme = fs::read_to_string(&path).expect("the README is there");
    let (before, rest) = readme.split_once(START).expect("the README has a place for it");
    let (_, after) = rest.split_once(END).expect("that place has an end");
    let measured = format!("{}.\nBeside it: {}.\n\n{}", machine::describe(), machine::versions(), table.to_text());
    fs::write(path, format!("{before}{START}{measured}{END}{after}")).expect("the README can be written");
}
