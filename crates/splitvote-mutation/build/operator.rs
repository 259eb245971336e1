//! What becomes of operators and of literals.

use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{BinOp, Expr, ExprBinary, ExprRange, Lit, RangeLimits, parse_quote};

use crate::mutate::Mutator;

/// The comparison with the boundary on the other side, if it has one, and its opposite.
fn comparison(op: &BinOp) -> Option<(&'static str, Option<&'static str>, &'static str)> {
    match op {
        BinOp::Lt(_) => Some(("less", Some("<="), ">=")),
        BinOp::Le(_) => Some(("at_most", Some("<"), ">")),
        BinOp::Gt(_) => Some(("more", Some(">="), "<=")),
        BinOp::Ge(_) => Some(("at_least", Some(">"), "<")),
        BinOp::Eq(_) => Some(("same", None, "!=")),
        BinOp::Ne(_) => Some(("other", None, "==")),
        _ => None,
    }
}

fn is_number(expression: &Expr) -> bool {
    matches!(expression, Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_)))
}

/// Whether a condition binds names, and so cannot be taken apart.
fn binds(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

/// Whether an instant or a duration is reckoned with: a nanosecond more or less is no decision.
fn is_time(expression: &Expr) -> bool {
    let text = expression.to_token_stream().to_string();
    ["now", "_at", "_since", "interval", "delay"].iter().any(|word| text.contains(word))
}

impl Mutator<'_> {
    pub(crate) fn operator(&mut self, expression: &mut Expr) {
        let Expr::Binary(binary) = expression else { return };
        if let Some((name, boundary, opposite)) = comparison(&binary.op) {
            *expression = self.compare(binary, name, boundary, opposite);
            return;
        }
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) if binds(&binary.left) || binds(&binary.right) => {
                self.condition(&mut binary.left);
                self.condition(&mut binary.right);
            }
            BinOp::And(_) => *expression = self.connective(binary, "||", true),
            BinOp::Or(_) => *expression = self.connective(binary, "&&", false),
            BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) => {
                *expression = self.arithmetic(binary);
            }
            _ => self.visit_expr_mut(&mut binary.right),
        }
    }

    fn compare(
        &mut self,
        binary: &mut ExprBinary,
        name: &str,
        boundary: Option<&str>,
        opposite: &str,
    ) -> Expr {
        self.at(binary);
        let with = |op: &str| {
            let (left, right) = (text(&binary.left), text(&binary.right));
            format!("{left} {op} {right}")
        };
        let (negated, constant) =
            (("negation", with(opposite)), ["true", "false"].map(str::to_owned));
        let [yes, no] = constant.map(|text| ("condition", text));
        let first = match boundary {
            Some(boundary) => self.mutants([("boundary", with(boundary)), negated, yes, no]),
            None => self.mutants([negated, yes, no]),
        };
        for side in [&mut binary.left, &mut binary.right] {
            if !is_number(side) {
                self.visit_expr_mut(side);
            }
        }
        let (left, right) = (&binary.left, &binary.right);
        let name = quote::format_ident!("{name}");
        parse_quote!(__switch::#name(#first, &(#left), &(#right)))
    }

    /// `&&` and `||`, one for the other. The right side is evaluated once, and only if it matters.
    fn connective(&mut self, binary: &mut ExprBinary, other: &str, is_and: bool) -> Expr {
        self.at(binary);
        let mutated = format!("{} {other} {}", text(&binary.left), text(&binary.right));
        let first = self.mutants([("connective", mutated)]);
        self.condition(&mut binary.left);
        self.condition(&mut binary.right);
        let (left, right) = (&binary.left, &binary.right);
        parse_quote!({
            let __left = #left;
            if __left == (__switch::is(#first) != #is_and) { #right } else { __left }
        })
    }

    fn arithmetic(&mut self, binary: &mut ExprBinary) -> Expr {
        self.at(binary);
        let (original, left_out) = (self.original(), text(&binary.left));
        let is_sum = matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_));
        let (op, is_literal) = (binary.op, is_number(&binary.right));
        let has_boundary =
            is_sum && !is_literal && !is_time(&binary.left) && !is_time(&binary.right);
        let first = if has_boundary {
            let (more, fewer) = (format!("{original} + 1"), format!("{original} - 1"));
            self.mutants([("left out", left_out), ("boundary", more), ("boundary", fewer)])
        } else if is_literal && is_sum {
            let twice = format!("{left_out} {} 2", op.to_token_stream());
            self.mutants([("left out", left_out), ("boundary", twice)])
        } else {
            self.mutants([("left out", left_out)])
        };
        self.visit_expr_mut(&mut binary.left);
        if !is_literal {
            self.visit_expr_mut(&mut binary.right);
        }
        let (left, right) = (&binary.left, &binary.right);
        if has_boundary {
            parse_quote!({
                let __left = #left;
                match __switch::which(#first, 3) {
                    0 => __left,
                    1 => (__left #op #right) + 1,
                    2 => (__left #op #right) - 1,
                    _ => __left #op #right,
                }
            })
        } else if is_literal && is_sum {
            parse_quote!({
                let __left = #left;
                match __switch::which(#first, 2) {
                    0 => __left,
                    1 => __left #op 2,
                    _ => __left #op #right,
                }
            })
        } else {
            parse_quote!({
                let __left = #left;
                if __switch::is(#first) { __left } else { __left #op #right }
            })
        }
    }

    /// `..=` without its last number.
    pub(crate) fn range(&mut self, expression: &mut Expr) {
        let Expr::Range(range) = expression else { return };
        let ExprRange { start, limits, end, .. } = range;
        if let Some(start) = start
            && !is_number(start)
        {
            self.visit_expr_mut(start);
        }
        let Some(end) = end else { return };
        if matches!(limits, RangeLimits::Closed(_)) {
            self.at(end);
            let mutated = format!("{} - 1", self.original());
            let first = self.mutants([("boundary", mutated)]);
            self.visit_expr_mut(end);
            let whole = end.clone();
            **end = parse_quote!({
                let __end = #whole;
                if __switch::is(#first) { __end - 1 } else { __end }
            });
        } else {
            self.visit_expr_mut(end);
        }
    }

    pub(crate) fn bool_literal(&mut self, expression: &mut Expr) {
        self.at(expression);
        let opposite = if self.original() == "true" { "false" } else { "true" };
        let first = self.mutants([("literal", opposite.to_owned())]);
        *expression = parse_quote!((__switch::is(#first) != #expression));
    }

    /// A number: one more, and one less if there is one.
    pub(crate) fn number(&mut self, expression: &mut Expr) {
        self.at(expression);
        let first = if self.original().starts_with('0') {
            self.mutants([("literal", "1".to_owned())])
        } else {
            let fewer = format!("{} - 1", self.original());
            let more = format!("{} + 1", self.original());
            self.mutants([("literal", more), ("literal", fewer)])
        };
        *expression = parse_quote!(__switch::number(#first, #expression));
    }
}

/// An expression, near enough to how it is written.
pub(crate) fn text(expression: &Expr) -> String {
    let text = expression.to_token_stream().to_string();
    let glued = [
        (" . ", "."),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        ("* ", "*"),
        (" ?", "?"),
        ("! ", "!"),
    ];
    glued.iter().fold(text, |text, (wide, narrow)| text.replace(wide, narrow))
}
