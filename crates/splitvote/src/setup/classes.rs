//! Classes of faults, as scenarios read and write them: `["clocks", "loss"]`.

use crate::fault::{FaultClass, FaultClasses};
use crate::language::error::Result;
use crate::language::form::{Text, words};
use crate::language::inline::quoted;
use crate::language::keys::Takes;
use crate::language::reader::Value;

/// `"clocks"` or `["clocks", "loss"]`
impl Text for FaultClasses {
    fn read(value: &Value<'_>) -> Result<Self> {
        let words = words(FaultClass::ALL, FaultClass::name);
        value.one_or_many()?.iter().map(|value| value.word("class of faults", &words)).collect()
    }

    fn takes() -> Takes {
        Takes::Names
    }

    fn written(&self) -> String {
        let names: Vec<String> = self.iter().map(|class| quoted(class.name())).collect();
        format!("[{}]", names.join(", "))
    }
}
