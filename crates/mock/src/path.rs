/// Makes a regular expression that matches the value as the client writes it into a path.
pub(crate) fn segment(value: &str) -> String {
    regex::escape(&progenitor_client::encode_path(value))
}
