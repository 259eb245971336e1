//! Writes a copy of the reference Raft that holds all of its mutants, and the table of them.
//!
//! One copy and one compilation: at each decision the copy asks which mutant is on. `raft.rs` holds the modules
//! of `splitvote-raft`, each inside the other, without tests, documentation and tracing; `table.rs` says of each
//! mutant where it is and what it changes. Numbers follow the source, so that they are the same for all who build it.

mod block;
mod call;
mod mutate;
mod operator;
mod place;
mod rules;
mod table;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, File, Item};

use mutate::Mutator;
use place::Source;
use table::Table;

fn main() -> Result<(), Box<dyn Error>> {
    let raft = Path::new(env!("CARGO_MANIFEST_DIR")).join("../splitvote-raft/src");
    println!("cargo::rerun-if-changed={}", raft.display());
    println!("cargo::rerun-if-changed=build");
    let out =
        std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is cargo's build script")?;
    let out = PathBuf::from(out);
    let constant = rules::constant(&raft.join("rules"))?;
    let mut table = Table { constant, ..Table::default() };
    let tokens = module(&raft, &raft.join("lib.rs"), &mut table)?;
    fs::write(out.join("raft.rs"), inside(tokens).to_string())?;
    fs::write(out.join("table.rs"), table.to_rust())?;
    Ok(())
}

/// A file and all the modules that it declares.
fn module(root: &Path, path: &Path, table: &mut Table) -> Result<TokenStream, Box<dyn Error>> {
    let place = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
    let file = syn::parse_file(&text).map_err(|error| format!("{place}: {error}"))?;
    let name = path.strip_prefix(root)?.display().to_string().replace('\\', "/");
    if name == "rules/mod.rs" {
        return rules::module(root, path, file, table);
    }
    let mut mutator = Mutator::new(Source::new(&name, &text), table);
    let items = mutated(file, &mut mutator);
    // The root imports it by hand.
    let is_root = name == "lib.rs";
    let mut tokens = if is_root {
        TokenStream::new()
    } else {
        quote! { use crate::__switch; }
    };
    for item in items {
        match declared(&item) {
            Some(name) => {
                let beside = path.with_file_name(format!("{name}.rs"));
                let below = path.with_file_name(name.to_string()).join("mod.rs");
                let file = if beside.is_file() { beside } else { below };
                let inner = module(root, &file, table)?;
                tokens.extend(quote! { pub mod #name { #inner } });
            }
            None => item.to_tokens(&mut tokens),
        }
    }
    Ok(tokens)
}

/// The items of a file that matter, mutated.
fn mutated(file: File, mutator: &mut Mutator<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = file.items.into_iter().filter(is_kept).collect();
    items.iter_mut().for_each(|item| mutator.visit_item_mut(item));
    items
}

/// The name of a module that stands in a file of its own.
fn declared(item: &Item) -> Option<Ident> {
    match item {
        Item::Mod(module) if module.content.is_none() => Some(module.ident.clone()),
        _ => None,
    }
}

fn is_kept(item: &Item) -> bool {
    let is_test = |attributes: &[Attribute]| {
        attributes.iter().any(|attribute| attribute.path().is_ident("cfg"))
    };
    match item {
        Item::Mod(module) => !is_test(&module.attrs),
        Item::Use(import) => {
            let text = import.tree.to_token_stream().to_string();
            !text.starts_with("tracing") && !text.starts_with("super")
        }
        _ => true,
    }
}

/// The same tokens as part of a module `raft`: `crate::` leads there.
fn inside(tokens: TokenStream) -> TokenStream {
    let mut moved = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let next_is_path = rest.peek().is_some_and(|next| next.to_string() == ":");
        match token {
            TokenTree::Ident(name) if name == "crate" && next_is_path => {
                moved.extend(quote! { crate::raft });
            }
            TokenTree::Group(group) => {
                let inner = inside(group.stream());
                moved.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            other => moved.extend([other]),
        }
    }
    moved
}
