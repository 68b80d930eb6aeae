//! Pairs the words of two names, and judges the words that are left over.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::spelling::is_slip;
use super::words::{Name, Role, Word};
use super::{Comparison, Difference, Verdict};

/// With more unpaired words than this, joined words are not searched, because that would take too long.
const JOINED: usize = 8;

/// Words that people join to a first name or leave out: `Rameshbhai`, `Ramesh`.
const SUFFIXES: [&str; 6] = ["bhai", "ben", "kumar", "lal", "devi", "ji"];

/// One of the two names, and which of its words are already paired.
struct Side<'a> {
    words: &'a [Word],
    paired: Vec<bool>,
}

impl<'a> Side<'a> {
    fn new(words: &'a [Word]) -> Self {
        Self { words, paired: vec![false; words.len()] }
    }

    /// The positions of the words that are not paired yet.
    fn open(&self) -> Vec<usize> {
        (0..self.words.len()).filter(|at| !self.paired[*at]).collect()
    }

    /// The words with one of these roles that are not paired.
    fn left(&self, roles: &[Role]) -> Vec<&'a Word> {
        self.open().into_iter().map(|at| &self.words[at]).filter(|word| roles.contains(&word.role)).collect()
    }
}

/// Two names during a comparison.
struct Pairing<'a> {
    sides: [Side<'a>; 2],
    /// The positions, in the two names, of the words of each pair.
    places: Vec<(usize, usize)>,
    differences: Vec<Difference>,
    /// The number of letters in pairs, on both sides. The letters of a pair with an initial count half.
    agreeing: usize,
    /// Whether a pair is more than an initial.
    has_word: bool,
    /// Whether the verdict can be *close* at best.
    is_close: bool,
}

pub(super) fn compare(one: &Name, other: &Name) -> Comparison {
    let mut pairing = Pairing::of(&one.words, &other.words);
    if one.is_cut || other.is_cut {
        pairing.pair_cut([one.is_cut, other.is_cut]);
    }
    if !one.relation.is_empty() && !other.relation.is_empty() {
        // If two people have the same name, the relation distinguishes them.
        let relation = Pairing::of(&one.relation, &other.relation);
        if relation.is_conflict() {
            pairing.differences.push(Difference::Conflict);
        }
    } else if one.relation.len() != other.relation.len() {
        pairing.differences.push(Difference::MissingWord);
    }
    pairing.finish()
}

impl<'a> Pairing<'a> {
    fn of(one: &'a [Word], other: &'a [Word]) -> Self {
        let mut pairing = Self {
            sides: [Side::new(one), Side::new(other)],
            places: Vec::new(),
            differences: Vec::new(),
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
                    && other.letters() > 1
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

    /// Pairs each word with the first unpaired word of the other name that passes the test.
    fn pair(&mut self, difference: Option<Difference>, test: impl Fn(&Word, &Word) -> bool) {
        for at in self.sides[0].open() {
            let one = &self.sides[0].words[at];
            if let Some(found) = self.sides[1].open().into_iter().find(|at| test(one, &self.sides[1].words[*at])) {
                let other = &self.sides[1].words[found];
                self.sides[0].paired[at] = true;
                self.sides[1].paired[found] = true;
                self.places.push((one.place, other.place));
                self.agree(difference, one, other);
            }
        }
    }

    fn agree(&mut self, difference: Option<Difference>, one: &Word, other: &Word) {
        let letters = one.letters() + other.letters();
        if difference == Some(Difference::Initial) {
            self.is_close = true;
            self.agreeing += letters / 2;
        } else {
            self.has_word |= matches!(one.role, Role::Plain | Role::LegalForm);
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
            for at in self.sides[side].open() {
                let (word, open) = (&self.sides[side].words[at], self.sides[1 - side].open());
                if open.len() > JOINED {
                    return;
                }
                let mut pieces = Vec::new();
                if is_joined(text(word), &self.sides[1 - side], &open, text, &mut pieces) && pieces.len() > 1 {
                    self.close_joined(side, &[at], &pieces);
                }
            }
        }
    }

    /// Pairs all remaining words if both sides are the same text without spaces.
    fn pair_rest_joined(&mut self) {
        let texts = [0, 1].map(|side: usize| {
            let mut words = self.sides[side].left(&[Role::Plain, Role::LegalForm]);
            words.sort_by_key(|word| word.place);
            words.iter().map(|word| &*word.text).collect::<String>()
        });
        if !texts[0].is_empty() && texts[0] == texts[1] {
            let open = [self.sides[0].open(), self.sides[1].open()];
            self.close_joined(0, &open[0], &open[1]);
        }
    }

    fn close_joined(&mut self, side: usize, one: &[usize], other: &[usize]) {
        for (side, places) in [(side, one), (1 - side, other)] {
            for at in places {
                self.agreeing += self.sides[side].words[*at].letters();
                self.sides[side].paired[*at] = true;
            }
        }
        self.has_word = true;
        self.differences.push(Difference::Spacing);
    }

    /// Pairs `RK` with two words that begin with R and K.
    fn pair_joined_initials(&mut self) {
        for side in [0, 1] {
            for at in self.sides[side].open() {
                let word = &self.sides[side].words[at];
                if !(2..=4).contains(&word.letters()) || word.role != Role::Plain {
                    continue;
                }
                let other = &self.sides[1 - side];
                let mut found: Vec<usize> = Vec::new();
                for initial in word.text.chars() {
                    let begins =
                        |word: &Word| word.role == Role::Plain && word.letters() > 1 && word.text.starts_with(initial);
                    found.extend(other.open().iter().find(|at| !found.contains(at) && begins(&other.words[**at])));
                }
                if found.len() == word.letters() {
                    self.agreeing += 2 * found.len();
                    self.sides[side].paired[at] = true;
                    for at in found {
                        self.sides[1 - side].paired[at] = true;
                    }
                    self.is_close = true;
                    self.differences.push(Difference::Initial);
                }
            }
        }
    }

    /// Pairs the last word of a name that was cut off with a longer word that begins like it.
    fn pair_cut(&mut self, is_cut: [bool; 2]) {
        for side in [0, 1] {
            let Some(last) = self.sides[side].words.iter().map(|word| word.place).max().filter(|_| is_cut[side]) else {
                continue;
            };
            let left = |side: &Side<'_>| side.left(&[Role::Plain, Role::LegalForm]).len();
            let open = self.sides[side].open();
            let Some(at) = open.into_iter().find(|at| self.sides[side].words[*at].place == last) else {
                if left(&self.sides[side]) == 0 && left(&self.sides[1 - side]) > 0 {
                    self.differences.push(Difference::Truncated);
                }
                continue;
            };
            let word = &self.sides[side].words[at];
            let begins = |at: &usize| {
                let other = &self.sides[1 - side].words[*at];
                other.letters() > word.letters() && other.text.starts_with(&*word.text)
            };
            if let Some(found) = self.sides[1 - side].open().into_iter().find(begins) {
                self.sides[side].paired[at] = true;
                self.sides[1 - side].paired[found] = true;
                self.agreeing += 2 * word.letters();
                self.is_close = true;
                self.differences.push(Difference::Truncated);
            }
        }
    }

    fn is_conflict(&self) -> bool {
        self.sides.iter().all(|side| !side.left(&[Role::Plain, Role::LegalForm]).is_empty())
    }

    fn finish(mut self) -> Comparison {
        let titles = self.sides.each_ref().map(|side| side.left(&[Role::Honorific]));
        if titles.iter().any(|titles| !titles.is_empty()) {
            self.differences.push(Difference::Honorific);
            self.is_close |= are_of_two_genders(&titles);
        }
        if self.is_conflict() {
            self.differences.push(Difference::Conflict);
        } else {
            for side in &self.sides {
                if !side.left(&[Role::LegalForm]).is_empty() {
                    self.differences.push(Difference::LegalForm);
                    self.is_close = true;
                }
                if !side.left(&[Role::Plain]).is_empty() {
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
        } else if !self.has_word {
            Verdict::CannotTell
        } else if self.is_close {
            Verdict::Close
        } else {
            Verdict::Match
        };
        Comparison { verdict, score: self.score(verdict), differences: self.differences }
    }

    fn score(&self, verdict: Verdict) -> u8 {
        let counts = |word: &&Word| matches!(word.role, Role::Plain | Role::LegalForm);
        let total: usize = self.sides.iter().flat_map(|side| side.words.iter().filter(counts)).map(Word::letters).sum();
        let share = |most: usize| most * self.agreeing.min(total) / total.max(1);
        let score = match verdict {
            Verdict::Match => 100 - (2 * self.differences.len()).min(10),
            Verdict::Close => 60 + share(29),
            Verdict::Different => share(59),
            Verdict::CannotTell => 0,
        };
        u8::try_from(score).unwrap_or_default()
    }
}

/// Whether a string is some of these words joined. Adds their positions to `pieces`.
fn is_joined(text: &str, side: &Side<'_>, open: &[usize], of: fn(&Word) -> &String, pieces: &mut Vec<usize>) -> bool {
    if text.is_empty() {
        return true;
    }
    for at in open {
        let rest = text.strip_prefix(of(&side.words[*at]).as_str()).filter(|rest| rest.len() < text.len());
        let Some(rest) = rest.filter(|_| !pieces.contains(at)) else { continue };
        pieces.push(*at);
        if is_joined(rest, side, open, of, pieces) {
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
            "mrs" | "ms" | "miss" | "smt" | "kumari" | "kum" | "km" => Some(true),
            _ => None,
        })
    };
    matches!((gender(&titles[0]), gender(&titles[1])), (Some(one), Some(other)) if one != other)
}
