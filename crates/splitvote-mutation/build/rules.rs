//! The rules, which stand in macros: the bodies of their methods are decisions like all others.

use std::error::Error;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::VisitMut;
use syn::{Expr, File, Item, Stmt, TraitItemFn};

use crate::mutate::Mutator;
use crate::place::Source;
use crate::table::Table;
use crate::{declared, is_kept};

/// The module of the rules: one trait of all lists, and what else stands in `mod.rs`.
pub(crate) fn module(
    root: &Path,
    path: &Path,
    file: File,
    table: &mut Table,
) -> Result<TokenStream, Box<dyn Error>> {
    let mut methods = TokenStream::new();
    let (mut lists, mut others) = (Vec::new(), TokenStream::new());
    for list in file.items.iter().filter_map(declared) {
        let path = path.with_file_name(format!("{list}.rs"));
        let text = fs::read_to_string(&path)?;
        if !text.contains("macro_rules!") {
            // How rules are kept, which is no decision.
            let rest = syn::parse_file(&text)?.items;
            others.extend(quote! { pub mod #list { #(#rest)* } });
            continue;
        }
        let name = path.strip_prefix(root)?.display().to_string().replace('\\', "/");
        let mut mutator = Mutator::new(Source::new(&name, &text), table);
        let Methods(found) = syn::parse2(body_of(syn::parse_file(&text)?)?)?;
        for mut method in found {
            mutator.visit_trait_item_fn_mut(&mut method);
            method.to_tokens(&mut methods);
        }
        lists.push(list);
    }
    let is_ours = |item: &Item| match item {
        Item::Macro(_) => false,
        Item::Use(import) => {
            let text = import.tree.to_token_stream().to_string();
            !lists.iter().any(|list| text.starts_with(&format!("{list} ::")))
        }
        other => declared(other).is_none(),
    };
    let rest = file.items.into_iter().filter(|item| is_kept(item) && is_ours(item));
    Ok(quote! {
        use crate::__switch;
        #(#rest)*
        #others
        pub trait Rules: Debug + Sync + 'static {
            #methods
            fn copy(&self) -> Option<Box<dyn Rules>> { None }
        }
    })
}

/// The rules that always answer the same, by the paper. Where they are asked, there is nothing to change that is
/// not changed in the rule.
pub(crate) fn constant(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        let text = fs::read_to_string(file?.path())?;
        if !text.contains("$($rules)*") {
            continue;
        }
        let Ok(tokens) = body_of(syn::parse_file(&text)?) else { continue };
        let Ok(Methods(methods)) = syn::parse2(tokens) else { continue };
        let is_constant = |method: &TraitItemFn| match &method.default {
            Some(body) => matches!(body.stmts.last(), Some(Stmt::Expr(Expr::Lit(_), None))),
            None => false,
        };
        names.extend(
            methods.iter().filter(|method| is_constant(method)).map(|m| m.sig.ident.to_string()),
        );
    }
    Ok(names)
}

/// What a list's macro hands on, from its first rule on.
fn body_of(file: File) -> Result<TokenStream, Box<dyn Error>> {
    let is_list = |item: Item| match item {
        Item::Macro(list) => Some(list.mac.tokens),
        _ => None,
    };
    let tokens = file.items.into_iter().find_map(is_list).ok_or("a list of rules has no macro")?;
    let inner = last_group(last_group(tokens)?)?;
    let is_first = |token: &TokenTree| {
        let text = token.to_string();
        text == "#" || text == "fn"
    };
    Ok(inner.into_iter().skip_while(|token| !is_first(token)).collect())
}

fn last_group(tokens: TokenStream) -> Result<TokenStream, Box<dyn Error>> {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    Ok(groups.last().ok_or("a list of rules is not written as a macro")?)
}

struct Methods(Vec<TraitItemFn>);

impl Parse for Methods {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut methods = Vec::new();
        while !input.is_empty() {
            methods.push(input.parse()?);
        }
        Ok(Self(methods))
    }
}
