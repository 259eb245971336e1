//! Walks through a file and puts a question in the place of each decision.
//!
//! Everything is visited in the order in which it stands: a decision is noted first, then what stands in it.
//! `operator` knows what operators become, `call` what calls become, `block` the statements.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprClosure, ImplItemFn, ItemConst, ItemFn, ItemImpl, ItemStatic, Lit,
    ReturnType, Signature, TraitItemFn, parse_quote,
};

use crate::place::Source;
use crate::table::{Row, Table};

/// Functions that describe and do not decide: sizes, names, what an observer is shown.
const DESCRIBES: [&str; 8] =
    ["bytes", "kind", "meaning", "torn", "damaged", "view", "room", "disk_with_log"];

/// Traits that describe and do not decide.
const DESCRIBING_TRAITS: [&str; 5] = ["Display", "Default", "Message", "Record", "From"];

/// What a function, and so its last expression, answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Nothing,
    Bool,
    Other,
}

impl Answer {
    fn of(signature: &Signature) -> Self {
        match &signature.output {
            ReturnType::Default => Self::Nothing,
            ReturnType::Type(_, kind) if kind.to_token_stream().to_string() == "bool" => Self::Bool,
            ReturnType::Type(..) => Self::Other,
        }
    }
}

pub(crate) struct Mutator<'a> {
    source: Source,
    table: &'a mut Table,
    function: String,
    pub(crate) answer: Answer,
    place: (usize, String),
}

impl<'a> Mutator<'a> {
    pub(crate) fn new(source: Source, table: &'a mut Table) -> Self {
        Self {
            source,
            table,
            function: String::new(),
            answer: Answer::Other,
            place: Default::default(),
        }
    }

    /// Notes where the decision is that comes next.
    pub(crate) fn at(&mut self, what: &impl ToTokens) {
        self.place = self.source.find(&what.to_token_stream().to_string());
    }

    /// How the decision is written.
    pub(crate) fn original(&self) -> String {
        self.place.1.clone()
    }

    /// The mutants of the decision that was noted; answers with the number of the first.
    pub(crate) fn mutants<const N: usize>(&mut self, these: [(&'static str, String); N]) -> u32 {
        let (line, original) = self.place.clone();
        let site = self.table.rows.len() + 1;
        for (operator, mutated) in these {
            self.table.rows.push(Row {
                site,
                file: self.source.name.clone(),
                function: self.function.clone(),
                line,
                operator,
                original: original.clone(),
                mutated,
            });
        }
        site as u32
    }

    /// A condition: whatever is true or false and no comparison becomes both.
    pub(crate) fn condition(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Binary(_) | Expr::Unary(_) | Expr::Let(_) | Expr::If(_) | Expr::Match(_) => {}
            Expr::Lit(_) | Expr::Block(_) | Expr::Return(_) | Expr::Cast(_) => {}
            Expr::Paren(inner) => return self.condition(&mut inner.expr),
            Expr::MethodCall(call)
                if self.table.constant.iter().any(|rule| call.method == rule) => {}
            _ => {
                self.at(expression);
                let first = self
                    .mutants([("condition", "true".to_owned()), ("condition", "false".to_owned())]);
                self.visit_expr_mut(expression);
                *expression = parse_quote!(__switch::condition(#first, #expression));
                return;
            }
        }
        self.visit_expr_mut(expression);
    }

    fn in_function(&mut self, signature: &Signature, visit: impl FnOnce(&mut Self)) {
        let name = signature.ident.to_string();
        if DESCRIBES.contains(&name.as_str()) {
            return;
        }
        self.source.find(&signature.to_token_stream().to_string());
        self.function = name;
        self.answer = Answer::of(signature);
        visit(self);
        self.answer = Answer::Other;
    }
}

impl VisitMut for Mutator<'_> {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }

    // Constants are tuning, or names.
    fn visit_item_const_mut(&mut self, _: &mut ItemConst) {}

    fn visit_item_static_mut(&mut self, _: &mut ItemStatic) {}

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let name = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if name.is_none_or(|name| !DESCRIBING_TRAITS.iter().any(|known| name.ident == known)) {
            visit_mut::visit_item_impl_mut(self, item);
        }
    }

    fn visit_item_fn_mut(&mut self, item: &mut ItemFn) {
        self.in_function(&item.sig.clone(), |this| this.body(&mut item.block));
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        let is_entry = item.sig.ident == "step" || item.sig.ident == "boot";
        self.in_function(&item.sig.clone(), |this| this.body(&mut item.block));
        if is_entry {
            item.block.stmts.insert(0, parse_quote!(__switch::enter();));
        }
    }

    fn visit_trait_item_fn_mut(&mut self, item: &mut TraitItemFn) {
        self.visit_attributes_mut(&mut item.attrs);
        let signature = item.sig.clone();
        if let Some(body) = &mut item.default {
            self.in_function(&signature, |this| this.body(body));
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        let outside = std::mem::replace(&mut self.answer, Answer::Other);
        self.visit_expr_mut(&mut closure.body);
        self.answer = outside;
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Binary(_) => self.operator(expression),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Not(_)) => {
                self.condition(&mut unary.expr);
            }
            Expr::If(_) | Expr::While(_) | Expr::Match(_) | Expr::Return(_) => {
                self.branch(expression);
            }
            Expr::Block(block) => self.block(&mut block.block, Answer::Other),
            Expr::MethodCall(_) => self.call(expression),
            Expr::Range(_) => self.range(expression),
            Expr::Lit(literal) => match &literal.lit {
                Lit::Bool(_) => self.bool_literal(expression),
                Lit::Int(_) => self.number(expression),
                _ => {}
            },
            Expr::Assign(assignment) => self.visit_expr_mut(&mut assignment.right),
            Expr::Let(binding) => self.visit_expr_mut(&mut binding.expr),
            other => visit_mut::visit_expr_mut(self, other),
        }
    }
}
