//! The JSON Schema of scenario and case files, made from the keys that the parser itself lists: editors complete and
//! check a file by it (`#:schema` in its first line, for taplo and Even Better TOML).
//!
//! It knows keys, types, words and bounds. What a text says (durations, peers, ranges) and what goes together,
//! `splitvote check` tells.

use serde_json::{Map, Value, json};
use splitvote::scenario::{Keys, Takes, features, keys_of_file, keys_of_steps};

/// The schema, the same for the same version of the language.
#[must_use]
pub fn scenario_schema() -> Value {
    let mut file = table(&keys_of_file());
    file["properties"]["steps"] = json!({
        "type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"},
        "description": "What happens, one after the other: one verb a step.",
    });
    file["properties"]["needs"] = json!({
        "oneOf": [{"enum": features()}, {"type": "array", "items": {"enum": features()}}],
    });
    file["properties"]["name"]["pattern"] = "^[a-z0-9-]+$".into();
    let mut definitions = Map::new();
    let mut verbs = Vec::new();
    for (verb, keys) in keys_of_steps() {
        let mut step = table(&keys);
        for steps in ["steps", "else"] {
            if let Some(within) = step["properties"].get_mut(steps) {
                *within = json!({"type": "array", "items": {"$ref": "#/definitions/step"}});
            }
        }
        let name = format!("step-{verb}");
        verbs.push((verb, json!({"$ref": format!("#/definitions/{name}")})));
        definitions.insert(name, step);
    }
    // Asked verb by verb, so that a complaint is about the step that was meant.
    let cases: Vec<Value> = verbs
        .iter()
        .map(|(verb, step)| json!({"if": {"required": [verb]}, "then": step}))
        .collect();
    let known: Vec<Value> = verbs.iter().map(|(verb, _)| json!({"required": [verb]})).collect();
    definitions
        .insert("step".to_owned(), json!({"type": "object", "oneOf": known, "allOf": cases}));
    let mut schema = json!({
        // Draft 7 is what taplo knows.
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:splitvote:scenario:1",
        "title": "A scenario or a case of Splitvote",
        "description": "sim-scenarios/README.md tells what each key means. `splitvote check` finds more than a schema can.",
    });
    for (key, value) in file.as_object().into_iter().flatten() {
        schema[key] = value.clone();
    }
    schema["definitions"] = Value::Object(definitions);
    schema
}

fn table(keys: &Keys) -> Value {
    let properties: Map<String, Value> =
        keys.keys.iter().map(|(key, takes)| ((*key).to_owned(), value(takes))).collect();
    json!({
        "type": "object", "additionalProperties": false, "required": keys.needed, "properties": properties,
    })
}

fn value(takes: &Takes) -> Value {
    match takes {
        Takes::Any => json!({}),
        Takes::Truth => json!({"type": "boolean"}),
        Takes::True => json!({"const": true}),
        Takes::Text => json!({"type": "string"}),
        Takes::Whole(first, last) => json!({"type": "integer", "minimum": first, "maximum": last}),
        Takes::Count => json!({"type": ["integer", "string"]}),
        Takes::Names => json!({"type": ["string", "array"], "items": {"type": "string"}}),
        Takes::Link => {
            json!({"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string"}})
        }
        Takes::Peers => json!({"type": ["integer", "string"], "pattern": "^all$", "minimum": 1}),
        Takes::Word(words) => json!({"enum": words}),
        Takes::Table(keys) => table(keys),
    }
}
