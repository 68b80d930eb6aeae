//! A form, encoded.

use serde::Serialize;

/// Bytes that most forms have room in; a longer one is given more.
const ROOM: usize = 512;

/// The form as it is sent, as `application/x-www-form-urlencoded`.
///
/// # Errors
/// A field is neither a text, a number nor a truth value.
pub fn encode<T: Serialize + ?Sized>(form: &T) -> Result<String, serde_urlencoded::ser::Error> {
    let mut encoded = form_urlencoded::Serializer::new(String::with_capacity(ROOM));
    form.serialize(serde_urlencoded::Serializer::new(&mut encoded))?;
    Ok(encoded.finish())
}
