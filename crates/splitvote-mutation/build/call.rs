//! What becomes of calls that choose: the lower, the higher, within bounds, or by a condition.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, Lit, parse_quote};

use crate::mutate::Mutator;
use crate::operator::text;

/// Methods whose closure decides.
const BY_CONDITION: [&str; 9] = [
    "all",
    "any",
    "filter",
    "find",
    "is_none_or",
    "is_some_and",
    "position",
    "retain",
    "take_while",
];

impl Mutator<'_> {
    pub(crate) fn call(&mut self, expression: &mut Expr) {
        let Expr::MethodCall(call) = expression else { return };
        let name = call.method.to_string();
        match (name.as_str(), call.args.len()) {
            ("min" | "max", 1) => *expression = self.extreme(call),
            ("clamp", 2) => *expression = self.clamp(call),
            ("saturating_add" | "saturating_sub", 1) if !has_literal(call) => {
                *expression = self.saturating(call);
            }
            ("then" | "then_some", 1) => {
                self.condition(&mut call.receiver);
                call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            }
            (name, 1) if BY_CONDITION.contains(&name) => {
                self.visit_expr_mut(&mut call.receiver);
                match call.args.first_mut() {
                    Some(Expr::Closure(closure)) => self.condition(&mut closure.body),
                    Some(other) => self.visit_expr_mut(other),
                    None => {}
                }
            }
            _ => visit_mut::visit_expr_method_call_mut(self, call),
        }
    }

    fn extreme(&mut self, call: &mut ExprMethodCall) -> Expr {
        self.at(call);
        let (left, right) = (text(&call.receiver), call.args.first().map(text).unwrap_or_default());
        let first = self.mutants([("left out", left), ("left out", right)]);
        self.visit_expr_mut(&mut call.receiver);
        call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
        let ExprMethodCall { receiver, method, args, .. } = call;
        parse_quote!({
            let (__left, __right) = (#receiver, #args);
            match __switch::which(#first, 2) {
                0 => __left,
                1 => __right,
                _ => __left.#method(__right),
            }
        })
    }

    fn clamp(&mut self, call: &mut ExprMethodCall) -> Expr {
        self.at(call);
        let bounds: Vec<String> = call.args.iter().map(text).collect();
        let receiver = text(&call.receiver);
        let side = |name: &str, place: usize| {
            format!(
                "{receiver}.{name}({})",
                bounds.get(place).map(String::as_str).unwrap_or_default()
            )
        };
        let first = self.mutants([("left out", side("min", 1)), ("left out", side("max", 0))]);
        self.visit_expr_mut(&mut call.receiver);
        call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
        let (receiver, args) = (&call.receiver, &call.args);
        parse_quote!({
            let (__value, (__lowest, __highest)) = (#receiver, (#args));
            match __switch::which(#first, 2) {
                0 => __value.min(__highest),
                1 => __value.max(__lowest),
                _ => __value.clamp(__lowest, __highest),
            }
        })
    }

    fn saturating(&mut self, call: &mut ExprMethodCall) -> Expr {
        self.at(call);
        let first = self.mutants([("left out", text(&call.receiver))]);
        self.visit_expr_mut(&mut call.receiver);
        call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
        let ExprMethodCall { receiver, method, args, .. } = call;
        parse_quote!({
            let __left = #receiver;
            if __switch::is(#first) { __left } else { __left.#method(#args) }
        })
    }
}

fn has_literal(call: &ExprMethodCall) -> bool {
    matches!(call.args.first(), Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Int(_)))
}
