//! Classes of faults, as scenarios read and write them: `["clocks", "loss"]`.

use crate::fault::{FaultClass, FaultClasses};
use crate::language::error::ScenarioError;
use crate::language::inline::quoted;
use crate::language::reader::Value;

/// `"clocks"` or `["clocks", "loss"]`
pub(crate) fn read(value: &Value<'_>) -> Result<FaultClasses, ScenarioError> {
    let words: Vec<(&'static str, FaultClass)> =
        FaultClass::ALL.iter().map(|class| (class.name(), *class)).collect();
    value.one_or_many()?.iter().map(|value| value.word("class of faults", &words)).collect()
}

/// `["clocks", "loss"]`
pub(crate) fn written(classes: FaultClasses) -> String {
    let names: Vec<String> = classes.iter().map(|class| quoted(class.name())).collect();
    format!("[{}]", names.join(", "))
}
