//! The same table for C programs, in each way in which they set options.

use std::sync::Mutex;

use serde_json::{Map, Value, json};

use crate::Row;
use crate::c_support::Program;
use crate::rows;
use crate::stage::Stage;

/// How a C program sets its options.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// `oauth_config_set`.
    Names,
    /// `oauth_config_set_json`.
    Json,
    /// `oauth_config_set_from_env`, a variable for each option; maps are in `OAUTH_CONFIG`.
    Variables,
    /// `oauth_config_set_from_env`, with `OAUTH_CONFIG` alone.
    Object,
}

#[test]
fn every_option_makes_the_same_difference_to_a_c_program_however_it_is_set() {
    let program = Program::build("follow_options");
    let (rows, problems) = (Mutex::new(rows::all()), Mutex::new(Vec::new()));
    // Several at once, because some wait for a limit to pass.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || rows.lock().unwrap().pop();
                while let Some(row) = next() {
                    let found = compare(&program, &row);
                    problems.lock().unwrap().extend(found);
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// What is wrong with an option, in any way of setting it.
fn compare(program: &Program, row: &Row) -> Vec<String> {
    let stage = Stage::new();
    let mut before = Vec::new();
    let mut run = |way, is_set| happenings(program, &stage, &mut before, row, way, is_set);
    let without = run(Way::Names, false);
    let by_name = run(Way::Names, true);
    let mut problems = Vec::new();
    if without == by_name {
        problems.push(format!("`{}` by its name is ignored: {by_name:#?}", row.name));
    }
    for way in [Way::Json, Way::Variables, Way::Object] {
        let seen = run(way, true);
        if seen != by_name {
            problems.push(format!("`{}` by {way:?} does {seen:#?}, and by its name {by_name:#?}", row.name));
        }
    }
    problems
}

/// All that can be seen of a C program with the row's option or without it.
fn happenings(
    program: &Program,
    stage: &Stage,
    before: &mut Vec<usize>,
    row: &Row,
    way: Way,
    is_set: bool,
) -> Vec<String> {
    let base = row.base.iter().map(|(name, value)| (*name, *value, json!(value)));
    let own = is_set.then(|| (row.name, row.text, row.json.clone()));
    let options: Vec<_> =
        base.chain(own).map(|(name, text, json)| (name, stage.real(text), stage.real_json(&json))).collect();
    let object = |keep: fn(&str) -> bool| {
        let members = options.iter().filter(|(name, ..)| keep(name));
        let members = members.map(|(name, _, json)| ((*name).to_owned(), json.clone()));
        Value::Object(members.collect::<Map<_, _>>()).to_string()
    };
    let mut environment = stage.environment();
    let mut arguments: Vec<String> = Vec::new();
    match way {
        Way::Names => {
            arguments.push("names".into());
            arguments.extend(options.iter().flat_map(|(name, text, _)| [(*name).to_owned(), text.clone()]));
        }
        Way::Json => arguments = vec!["json".into(), object(|_| true)],
        Way::Variables => {
            arguments.push("environment".into());
            environment.push(("OAUTH_CONFIG".into(), object(|name| name.contains('.'))));
            let variables = options.iter().filter(|(name, ..)| !name.contains('.'));
            environment
                .extend(variables.map(|(name, text, _)| (format!("OAUTH_{}", name.to_uppercase()), text.clone())));
        }
        Way::Object => {
            arguments.push("environment".into());
            environment.push(("OAUTH_CONFIG".into(), object(|_| true)));
        }
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = stage.told(&program.print_in(&environment, &arguments));
    let mut seen: Vec<String> = printed.lines().map(without_what_is_left).collect();
    seen.append(&mut stage.requests_since(before));
    seen
}

/// How much of a limit was left varies a little.
fn without_what_is_left(line: &str) -> String {
    let Some((before, behind)) = line.split_once(" s were left") else {
        return line.to_owned();
    };
    let (before, left) = before.rsplit_once(' ').unwrap_or_default();
    let is_little = left.parse::<f64>().is_ok_and(|left| left < 0.5);
    format!("{before} {} was left{behind}", if is_little { "little" } else { "more" })
}
