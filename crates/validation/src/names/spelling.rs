//! Which spellings count as the same name.
//!
//! Indian names are written in Latin letters by ear, so each has several spellings. The rules ignore differences that
//! are common and seldom distinguish names: the length of vowels (`Pooja`, `Puja`), aspiration (`Savitha`, `Savita`),
//! `sh` and `s`, `w` and `v`, double letters. They keep what distinguishes names: first letters (`Mohan`, `Sohan`),
//! consonants (`Ramesh`, `Rajesh`) and short vowels (`Kiran`, `Karan`; `Patel`, `Patil`).

use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// Returns the usual spelling of a name that is also spelled in ways that no rule covers.
fn usual(word: &str) -> &str {
    match word {
        "chaudhari" | "chaudhry" | "chaudhuri" | "choudhary" | "choudhury" | "choudhuri" | "chowdhury"
        | "chowdhary" | "chowdary" | "choudary" | "chaudhury" | "choudhry" | "chowdhry" => "chaudhary",
        "mohammad" | "mohamed" | "mohamad" | "muhammad" | "muhammed" | "mohd" | "md" | "mohmmad" | "mohamud"
        | "mohmad" => "mohammed",
        "ahmad" | "ahamed" | "ahmmed" | "ahemad" => "ahmed",
        "sheikh" | "shaik" | "sheik" | "shekh" | "sk" => "shaikh",
        "husain" | "hussein" | "hossain" | "hosain" | "hussan" => "hussain",
        "rehman" | "rahaman" | "rehaman" => "rahman",
        "sayed" | "sayyed" | "saiyed" | "sayyid" | "saiyad" => "syed",
        "quraishi" | "qureishi" | "kuraishi" => "qureshi",
        "siddiqi" | "siddique" => "siddiqui",
        "fatema" => "fatima",
        "yousuf" | "yousaf" | "yousef" => "yusuf",
        "osman" => "usman",
        "omar" | "umer" | "omer" => "umar",
        "abubaker" | "abubacker" | "aboobacker" => "abubakar",
        // In a key, `z` becomes `j`, so this name would have the key of Raja, which is another name.
        "raza" => "rasa",
        "agrawal" | "aggarwal" | "agarval" | "agerwal" => "agarwal",
        "abdur" | "abdool" => "abdul",
        "ayesha" | "aysha" | "ayisha" => "aisha",
        "varma" => "verma",
        "tewari" | "tiwary" | "tewary" => "tiwari",
        "aiyar" | "ayyar" | "iyyer" | "aiyer" => "iyer",
        "nayar" | "nayyar" => "nair",
        "row" => "rao",
        "sinh" | "sing" => "singh",
        "srinivasa" | "sreenivasa" | "shrinivasa" => "srinivas",
        "subramaniam" | "subramanyam" | "subrahmanyam" | "subramanyan" | "subrahmanian" => "subramanian",
        "datta" | "dutt" | "datt" => "dutta",
        "pande" | "panday" | "pandeya" => "pandey",
        "dube" | "dubay" => "dubey",
        "yadava" => "yadav",
        "goel" | "goyel" => "goyal",
        "kishore" => "kishor",
        "rathore" => "rathor",
        "nayudu" => "naidu",
        "ghose" => "ghosh",
        "majumder" | "mazumder" => "majumdar",
        "sarker" | "sircar" => "sarkar",
        "fernandez" => "fernandes",
        "rodriguez" => "rodrigues",
        "gomez" => "gomes",
        "begam" => "begum",
        "krushna" | "kishna" => "krishna",
        "laxmi" | "lakshmy" | "laksmi" | "luxmi" => "lakshmi",
        "jyothi" | "joti" | "jothi" | "jyothy" => "jyoti",
        _ => word,
    }
}

/// Endings in keys that have several spellings, each with the usual one: `Surender` is `Surendra`, and `Chander` is
/// `Chandra`. Names such as `Satyanarayana`, `Venkateswara`, `Srivastava` and `Manjunatha` have no separate form for a
/// woman, so their last `a` does not count. Some Bengali names have a short form and a long one: `Mukherjee` is
/// `Mukhopadhyay`.
const ENDS: [(&str, &str); 19] = [
    ("nder", "ndra"),
    ("ndar", "ndra"),
    ("ndr", "ndra"),
    ("narayana", "narayan"),
    ("esvara", "esvar"),
    ("vastava", "vastav"),
    ("unata", "unat"),
    ("padyaya", "padyai"),
    ("bandopadyai", "bandyopadyai"),
    ("banarji", "bandyopadyai"),
    ("banerji", "bandyopadyai"),
    ("batacarji", "batacarya"),
    ("cakrabarti", "cakraborti"),
    ("cakravarti", "cakraborti"),
    ("cakravorti", "cakraborti"),
    ("caterji", "catopadyai"),
    ("ganguli", "gangopadyai"),
    ("mukarji", "mukopadyai"),
    ("mukerji", "mukopadyai"),
];

/// Returns the key of a word, which is equal for all spellings of a name. A word that is not in Latin letters is its
/// own key.
pub(super) fn key(word: &str) -> String {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut key = String::with_capacity(word.len());
    let mut rest = usual(word);
    while !rest.is_empty() {
        let (letters, sound) = sound(rest, key.is_empty());
        if !key.ends_with(sound) {
            key.push_str(sound);
        }
        rest = rest.get(letters..).unwrap_or_default();
    }
    // Alexander and Alexandra are different.
    if key == "aleksander" {
        return key;
    }
    for (end, usual) in ENDS {
        if key.ends_with(end) {
            key.truncate(key.len() - end.len());
            key.push_str(usual);
        }
    }
    key
}

/// Returns the number of letters of the first sound in a string, and the spelling of that sound in a key.
fn sound(text: &str, is_first: bool) -> (usize, &str) {
    match text.as_bytes() {
        // At the end of a word: `Reddy`, `Fatimah`.
        [b'y'] => (1, "i"),
        [b'a', b'h'] if !is_first => (2, "a"),
        [b'c', b'h', b'c', b'h', ..] => (4, "c"),
        [b'k', b's', b'h', ..] => (3, "ks"),
        [b'c', b'h' | b'c', b'h', ..] => (3, "c"),
        // `ay` is a vowel, unless `a`, `o` or `u` follows.
        [b'a', b'y', b'a', ..] => (3, "aya"),
        [b'a', b'y', b'o', ..] => (3, "ayo"),
        [b'a', b'y', b'u', ..] => (3, "ayu"),
        [b'a', b'y', b'i', ..] => (3, "ai"),
        [b'a', b'y', ..] => (2, "ai"),
        [b'a', b'a', ..] => (2, "a"),
        [b'e', b'e' | b'y', ..] | [b'i', b'i' | b'y' | b'e', ..] => (2, "i"),
        [b'o', b'o', ..] | [b'u', b'u', ..] => (2, "u"),
        [b'a', b'u', ..] | [b'o', b'u' | b'w', ..] => (2, "o"),
        [b'e', b'i', ..] => (2, "e"),
        [b'p', b'h', ..] => (2, "f"),
        [b'b', b'h', ..] => (2, "b"),
        [b'd', b'h', ..] => (2, "d"),
        [b't', b'h', ..] => (2, "t"),
        [b'g', b'h', ..] => (2, "g"),
        [b'k', b'h', ..] | [b'c', b'k', ..] => (2, "k"),
        [b'j', b'h', ..] => (2, "j"),
        [b'c', b'h', ..] => (2, "c"),
        [b's', b'h', ..] => (2, "s"),
        [b'x', ..] => (1, "ks"),
        [b'w', ..] => (1, "v"),
        [b'q' | b'c', ..] => (1, "k"),
        [b'z', ..] => (1, "j"),
        _ => (1, text.get(..1).unwrap_or_default()),
    }
}

/// Whether one of two long words is the other with a typing slip: two adjacent letters after the first are swapped, or
/// one letter inside is missing. A different letter means a different name (`Ramesh`, `Rakesh`), and so does a
/// different ending (`Kumar`, `Kumari`).
pub(super) fn is_slip(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 5 || !short.is_ascii() || !long.is_ascii() || strsim::osa_distance(short, long) != 1 {
        return false;
    }
    let ends = |text: &str| (text.as_bytes().first().copied(), text.as_bytes().last().copied());
    if short.len() == long.len() {
        let sorted = |text: &str| {
            let mut letters = text.as_bytes().to_vec();
            letters.sort_unstable();
            letters
        };
        sorted(short) == sorted(long) && ends(short).0 == ends(long).0
    } else {
        ends(short) == ends(long)
    }
}
