//! Pairs the words of two names, and judges the words that are left over.

use alloc::string::String;
use alloc::vec::Vec;

use super::spelling::is_slip;
use super::words::{Name, Role, Word};
use super::{Comparison, Difference, Verdict};

/// With more unpaired words than this, joined words are not searched for, because that would take too long.
const JOINED: usize = 8;

/// Words that people join to a first name or leave out: `Rameshbhai`, `Ramesh`.
const SUFFIXES: [&str; 6] = ["bhai", "ben", "kumar", "lal", "devi", "ji"];

/// The roles of the words that identify somebody.
const IDENTIFYING: [Role; 2] = [Role::Plain, Role::LegalForm];

/// Two names during a comparison.
struct Pairing<'a> {
    /// The words of each name that are not paired yet.
    left: [Vec<&'a Word>; 2],
    /// The positions, in the two names, of the words of each pair.
    places: Vec<(usize, usize)>,
    differences: Vec<Difference>,
    /// The number of letters in the identifying words of both names.
    letters: usize,
    /// The number of letters in pairs, on both sides. The letters of a pair with an initial count half. With joined
    /// initials, or a word that was cut off, only the letters that agree count.
    agreeing: usize,
    /// Whether at least one pair consists of more than an initial.
    has_word: bool,
    /// Whether the verdict can be *close* at best.
    is_close: bool,
}

pub(super) fn compare(one: &Name, other: &Name) -> Comparison {
    let mut pairing = Pairing::of(&one.words, &other.words);
    for (side, name) in [one, other].into_iter().enumerate() {
        if let Some(last) = name.words.iter().max_by_key(|word| word.place).filter(|_| name.is_cut) {
            pairing.pair_cut(side, last);
        }
    }
    if one.kin == other.kin {
        // If two people have the same name, the relation distinguishes them.
        if Pairing::of(&one.relation, &other.relation).is_conflict() {
            pairing.differences.push(Difference::Conflict);
        }
    } else {
        // The same woman can be the daughter of one man and the wife of another.
        pairing.differences.push(Difference::MissingWord);
    }
    pairing.finish()
}

impl<'a> Pairing<'a> {
    fn of(one: &'a [Word], other: &'a [Word]) -> Self {
        let counted = one.iter().chain(other).filter(|word| IDENTIFYING.contains(&word.role));
        let mut pairing = Self {
            left: [one.iter().collect(), other.iter().collect()],
            places: Vec::new(),
            differences: Vec::new(),
            letters: counted.map(Word::letters).sum(),
            agreeing: 0,
            has_word: false,
            is_close: false,
        };
        pairing.pair(None, |one, other| one.text == other.text);
        pairing.pair_joined(|word| &word.text);
        pairing.pair(Some(Difference::Spelling), |one, other| {
            one.key == other.key && one.letters().min(other.letters()) >= 2
        });
        pairing.pair_joined(|word| &word.key);
        pairing.pair_rest_joined();
        pairing.pair(Some(Difference::Initial), |one, other| {
            let stands_for = |one: &Word, other: &Word| {
                one.is_initial()
                    && other.letters() > one.letters()
                    && other.role == Role::Plain
                    && other.text.starts_with(&*one.text)
            };
            stands_for(one, other) || stands_for(other, one)
        });
        pairing.pair_joined_initials();
        let before = pairing.places.len();
        pairing.pair(Some(Difference::MissingWord), |one, other| {
            let (short, long) = if one.letters() < other.letters() { (one, other) } else { (other, one) };
            long.text.strip_prefix(&*short.text).is_some_and(|rest| SUFFIXES.contains(&rest)) && short.letters() > 2
        });
        pairing.pair(Some(Difference::Spelling), |one, other| is_slip(&one.text, &other.text));
        pairing.is_close |= pairing.places.len() > before;
        pairing
    }

    /// Returns the unpaired words of one name that have one of these roles.
    fn left(&self, side: usize, roles: &[Role]) -> Vec<&'a Word> {
        self.left[side].iter().copied().filter(|word| roles.contains(&word.role)).collect()
    }

    fn take(&mut self, side: usize, words: &[&Word]) {
        self.left[side].retain(|left| !contains(words, left));
    }

    /// Pairs each word with the first unpaired word of the other name that passes the test.
    fn pair(&mut self, difference: Option<Difference>, test: impl Fn(&Word, &Word) -> bool) {
        let [ones, others] = &mut self.left;
        let mut pairs = Vec::new();
        ones.retain(|one| {
            let found = others.iter().position(|other| test(one, other));
            pairs.extend(found.map(|at| (*one, others.remove(at))));
            found.is_none()
        });
        for (one, other) in pairs {
            self.places.push((one.place, other.place));
            self.agree(difference, one, other);
        }
    }

    fn agree(&mut self, difference: Option<Difference>, one: &Word, other: &Word) {
        let letters = one.letters() + other.letters();
        if difference == Some(Difference::Initial) {
            self.is_close = true;
            self.agreeing += letters / 2;
        } else {
            self.has_word |= IDENTIFYING.contains(&one.role) && !one.is_initial();
            self.agreeing += letters;
        }
        self.differences.extend(difference);
        if one.abbreviated != other.abbreviated {
            let is_form = one.role == Role::LegalForm;
            self.differences.push(if is_form { Difference::LegalForm } else { Difference::Spelling });
        }
    }

    /// Pairs a word on one side with several on the other, in any order.
    fn pair_joined(&mut self, text: fn(&Word) -> &String) {
        for side in [0, 1] {
            for word in self.left[side].clone() {
                let others = &self.left[1 - side];
                if others.len() > JOINED {
                    return;
                }
                let mut pieces = Vec::new();
                if is_joined(text(word), others, text, &mut pieces) && pieces.len() > 1 {
                    self.join(side, &[word], &pieces);
                }
            }
        }
    }

    /// Pairs all remaining identifying words if both sides are the same text without spaces.
    fn pair_rest_joined(&mut self) {
        let [one, other] = [0, 1].map(|side| {
            let mut words = self.left(side, &IDENTIFYING);
            words.sort_by_key(|word| word.place);
            words
        });
        let text = |words: &[&Word]| words.iter().map(|word| &*word.text).collect::<String>();
        if !one.is_empty() && text(&one) == text(&other) {
            self.join(0, &one, &other);
        }
    }

    fn join(&mut self, side: usize, one: &[&Word], other: &[&Word]) {
        self.agreeing += one.iter().chain(other).map(|word| word.letters()).sum::<usize>();
        self.take(side, one);
        self.take(1 - side, other);
        // `RK` and `R K` are still initials.
        self.has_word |= [one, other].iter().all(|words| words.iter().any(|word| !word.is_initial()));
        self.differences.push(Difference::Spacing);
    }

    /// Pairs `RK` with two words that begin with R and K.
    fn pair_joined_initials(&mut self) {
        for side in [0, 1] {
            for word in self.left(side, &[Role::Plain]) {
                if !(2..=4).contains(&word.letters()) {
                    continue;
                }
                let mut found = Vec::new();
                for initial in word.text.chars() {
                    let begins = |other: &&Word| {
                        other.letters() > 1 && other.text.starts_with(initial) && !contains(&found, other)
                    };
                    let next = self.left(1 - side, &[Role::Plain]).into_iter().find(begins);
                    found.extend(next);
                }
                if found.len() == word.letters() {
                    self.agreeing += 2 * found.len();
                    self.take(side, &[word]);
                    self.take(1 - side, &found);
                    self.is_close = true;
                    self.differences.push(Difference::Initial);
                }
            }
        }
    }

    /// Pairs the last word of a name that was cut off with a longer word that begins with it. If the last word is
    /// paired already, the words that only the other name has were cut off.
    fn pair_cut(&mut self, side: usize, last: &Word) {
        if !contains(&self.left[side], last) {
            if self.left(side, &IDENTIFYING).is_empty() && !self.left(1 - side, &IDENTIFYING).is_empty() {
                self.differences.push(Difference::Truncated);
            }
            return;
        }
        let begins = |other: &&Word| other.letters() > last.letters() && other.text.starts_with(&*last.text);
        if let Some(found) = self.left[1 - side].iter().copied().find(begins) {
            self.take(side, &[last]);
            self.take(1 - side, &[found]);
            self.agreeing += 2 * last.letters();
            self.has_word |= !last.is_initial();
            self.is_close = true;
            self.differences.push(Difference::Truncated);
        }
    }

    fn is_conflict(&self) -> bool {
        [0, 1].into_iter().all(|side| !self.left(side, &IDENTIFYING).is_empty())
    }

    fn finish(mut self) -> Comparison {
        let titles = [0, 1].map(|side| self.left(side, &[Role::Honorific]));
        if titles.iter().any(|titles| !titles.is_empty()) {
            self.differences.push(Difference::Honorific);
            self.is_close |= are_of_two_genders(&titles);
        }
        if self.is_conflict() {
            self.differences.push(Difference::Conflict);
        } else {
            for side in [0, 1] {
                if !self.left(side, &[Role::LegalForm]).is_empty() {
                    self.differences.push(Difference::LegalForm);
                    self.is_close = true;
                }
                if !self.left(side, &[Role::Plain]).is_empty() {
                    if !self.differences.contains(&Difference::Truncated) {
                        self.differences.push(Difference::MissingWord);
                    }
                    self.is_close = true;
                }
            }
        }
        self.places.sort_unstable();
        if !self.places.is_sorted_by_key(|(_, other)| *other) {
            self.differences.push(Difference::Order);
        }
        self.differences.sort_unstable();
        self.differences.dedup();
        let verdict = if self.differences.contains(&Difference::Conflict) {
            Verdict::Different
        } else if !self.has_word && (self.letters == 0 || !self.differences.is_empty()) {
            // Initials alone are not enough, unless the names are the same.
            Verdict::CannotTell
        } else if self.is_close {
            Verdict::Close
        } else {
            Verdict::Match
        };
        Comparison { verdict, score: self.score(verdict), differences: self.differences }
    }

    fn score(&self, verdict: Verdict) -> u8 {
        let share = |most: usize| most * self.agreeing.min(self.letters) / self.letters.max(1);
        let score = match verdict {
            Verdict::Match => 100 - (2 * self.differences.len()).min(10),
            Verdict::Close => 60 + share(29),
            Verdict::Different => share(59),
            Verdict::CannotTell => 0,
        };
        u8::try_from(score).unwrap_or_default()
    }
}

/// Whether these words include `word`. All are words of one name, so their places identify them.
fn contains(words: &[&Word], word: &Word) -> bool {
    words.iter().any(|other| other.place == word.place)
}

/// Whether a string consists of some of these words, joined. Adds the words that it consists of to `pieces`.
fn is_joined<'a>(text: &str, words: &[&'a Word], of: fn(&Word) -> &String, pieces: &mut Vec<&'a Word>) -> bool {
    if text.is_empty() {
        return true;
    }
    for word in words {
        let rest = text.strip_prefix(of(word).as_str()).filter(|rest| rest.len() < text.len());
        let Some(rest) = rest.filter(|_| !contains(pieces, word)) else { continue };
        pieces.push(word);
        if is_joined(rest, words, of, pieces) {
            return true;
        }
        pieces.pop();
    }
    false
}

fn are_of_two_genders(titles: &[Vec<&Word>; 2]) -> bool {
    let gender = |titles: &Vec<&Word>| {
        titles.iter().find_map(|word| match &*word.text {
            "mr" | "shri" | "sh" => Some(false),
            "mrs" | "ms" | "miss" | "smt" | "smti" | "shrimati" | "srimati" | "kumari" | "kum" | "km" => Some(true),
            _ => None,
        })
    };
    matches!((gender(&titles[0]), gender(&titles[1])), (Some(one), Some(other)) if one != other)
}
