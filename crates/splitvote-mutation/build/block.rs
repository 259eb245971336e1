//! Statements: what is done can be left out.

use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{BinOp, Block, Expr, ExprIf, Local, Macro, Pat, Stmt, parse_quote};

use crate::mutate::{Answer, Mutator};

fn is_tracing(call: &Macro) -> bool {
    ["debug", "trace", "debug_assert"].iter().any(|name| call.path.is_ident(name))
}

/// Whether a statement does something that can be left out.
fn is_effect(expression: &Expr) -> bool {
    match expression {
        Expr::Assign(_) | Expr::MethodCall(_) | Expr::Call(_) => true,
        Expr::Binary(binary) => is_compound(&binary.op),
        _ => false,
    }
}

fn is_compound(op: &BinOp) -> bool {
    op.to_token_stream().to_string().ends_with('=')
        && !matches!(op, BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Le(_) | BinOp::Ge(_))
}

impl Mutator<'_> {
    /// The body of a function.
    pub(crate) fn body(&mut self, block: &mut Block) {
        let answer = self.answer;
        self.block(block, answer);
    }

    /// A block whose last expression answers with something, or with nothing.
    pub(crate) fn block(&mut self, block: &mut Block, answer: Answer) {
        block.stmts.retain(
            |statement| !matches!(statement, Stmt::Macro(statement) if is_tracing(&statement.mac)),
        );
        let last = block.stmts.len().saturating_sub(1);
        for (place, statement) in block.stmts.iter_mut().enumerate() {
            match statement {
                Stmt::Local(local) => self.local(local),
                Stmt::Expr(expression, end) => {
                    let is_last = place == last && end.is_none();
                    let answer = if is_last { answer } else { Answer::Nothing };
                    self.answering(expression, answer);
                }
                Stmt::Item(_) | Stmt::Macro(_) => {}
            }
        }
    }

    /// An expression whose value is of this kind.
    pub(crate) fn answering(&mut self, expression: &mut Expr, answer: Answer) {
        match expression {
            Expr::If(_) | Expr::Match(_) => self.branch_to(expression, answer),
            Expr::Block(block) => self.block(&mut block.block, answer),
            _ if answer == Answer::Bool => self.condition(expression),
            _ if answer == Answer::Nothing && is_effect(expression) => {
                self.at(expression);
                let first = self.mutants([("left out", String::new())]);
                self.visit_expr_mut(expression);
                *expression = parse_quote!(if __switch::keeps(#first) { #expression; });
            }
            _ => self.visit_expr_mut(expression),
        }
    }

    fn local(&mut self, local: &mut Local) {
        let name = match &local.pat {
            Pat::Ident(name) => name.ident.to_string(),
            _ => String::new(),
        };
        let Some(init) = &mut local.init else { return };
        if ["is_", "has_", "lacks_"].iter().any(|start| name.starts_with(start)) {
            match &mut *init.expr {
                Expr::Closure(closure) => self.condition(&mut closure.body),
                value => self.condition(value),
            }
        } else {
            self.visit_expr_mut(&mut init.expr);
        }
        if let Some((_, otherwise)) = &mut init.diverge {
            self.visit_expr_mut(otherwise);
        }
    }

    pub(crate) fn branch(&mut self, expression: &mut Expr) {
        match expression {
            Expr::While(repeated) => {
                self.condition(&mut repeated.cond);
                self.block(&mut repeated.body, Answer::Nothing);
            }
            Expr::Return(given) => {
                let answer = self.answer;
                if let Some(value) = &mut given.expr {
                    self.answering(value, answer);
                }
            }
            other => self.branch_to(other, Answer::Other),
        }
    }

    fn branch_to(&mut self, expression: &mut Expr, answer: Answer) {
        match expression {
            Expr::If(ExprIf { cond, then_branch, else_branch, .. }) => {
                self.condition(cond);
                self.block(then_branch, answer);
                if let Some((_, otherwise)) = else_branch {
                    self.answering(otherwise, answer);
                }
            }
            Expr::Match(choice) => {
                self.visit_expr_mut(&mut choice.expr);
                for arm in &mut choice.arms {
                    if let Some((_, guard)) = &mut arm.guard {
                        self.condition(guard);
                    }
                    self.answering(&mut arm.body, answer);
                }
            }
            _ => {}
        }
    }
}
