//! Compares JSON the way the vendor means it.

use serde_json::Value;

/// Whether two values are equal. `1` and `1.0` are the same number.
pub fn same(one: &Value, other: &Value) -> bool {
    same_by(one, other, &|one, other| match (one.as_f64(), other.as_f64()) {
        // Integers are compared as integers: as floating-point numbers, two ids that differ in a late digit would be
        // equal.
        (Some(_), Some(_)) if one.is_f64() == other.is_f64() => one == other,
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => one == other,
    })
}

/// Whether two values have the same structure, and leaves that are equal by `leaf`.
pub fn same_by(one: &Value, other: &Value, leaf: &dyn Fn(&Value, &Value) -> bool) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_by(one, other, leaf))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same_by(one, other, leaf)))
        }
        _ => leaf(one, other),
    }
}
