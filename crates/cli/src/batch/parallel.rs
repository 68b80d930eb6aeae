//! The check of a file by several processors at once.
//!
//! A row is a line, so blocks of whole lines are checked apart from each other. What breaks that rule is wrong in any case, such
//! as a quote that is not closed at the end of a block. Then the file is checked once more, from its beginning to its end; so
//! the same code tells every problem, and it is never told from a part of a row.

use std::hash::RandomState;
use std::io::{self, Read};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::blocks::{Block, Blocks};
use super::check::{Checked, Checker, Stopped, header};
use super::rows::Rows;

/// By so many threads at most. More would wait for the file to be read.
const THREADS: usize = 4;

/// Checks a whole file, and returns beside what is known of it the input, read to its end. It may be opened twice.
pub(crate) fn file<R: Read + Send>(open: impl Fn() -> io::Result<R>) -> Result<(Checked, R), Stopped> {
    match in_blocks(open()?) {
        Some(done) => Ok(done),
        None => in_order(open()?),
    }
}

/// Checks a file from its beginning to its end.
fn in_order<R: Read>(input: R) -> Result<(Checked, R), Stopped> {
    let mut rows = Rows::new(input);
    let header = header(&mut rows)?;
    let mut checker = Checker::new(&header, RandomState::new());
    match checker.check(&mut rows) {
        Ok(()) => Ok((Checker::finish(vec![checker])?, rows.into_input())),
        Err(stopped) => Err(match stopped {
            Stopped::Problems(last) => {
                Stopped::Problems(checker.into_checked().told().into_iter().chain(last).collect())
            }
            stopped => stopped,
        }),
    }
}

/// Checks the blocks of a file by several threads; `None` if one of them cannot be understood by itself.
fn in_blocks<R: Read + Send>(input: R) -> Option<(Checked, R)> {
    let mut blocks = Blocks::new(input);
    let mut block = Block::default();
    blocks.next(&mut block).ok()?;
    let mut rows = Rows::apart();
    rows.swap(&mut block, 0);
    let header = header(&mut rows).ok()?;
    let hasher = RandomState::new();
    let mut checker = Checker::new(&header, hasher.clone());
    checker.check(&mut rows).ok()?;
    let threads =
        if blocks.is_end() { 0 } else { thread::available_parallelism().map_or(1, NonZero::get).min(THREADS) };
    let source = Source { blocks: Mutex::new((blocks, rows.lines())) };
    let checkers = thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads).map(|_| scope.spawn(|| source.check(Checker::new(&header, hasher.clone())))).collect();
        let mut all = vec![source.check(checker)];
        all.extend(others.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))));
        all.into_iter().collect::<Option<Vec<_>>>()
    })?;
    let (blocks, _) = source.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    Some((Checker::finish(checkers).ok()?, blocks.into_input()))
}

/// The blocks of a file, which several threads share, and how many lines stand before the next.
struct Source<R> {
    blocks: Mutex<(Blocks<R>, u64)>,
}

impl<R: Read> Source<R> {
    /// Checks blocks until there are no more; `None` if one cannot be understood by itself.
    fn check<'a>(&self, mut checker: Checker<'a>) -> Option<Checker<'a>> {
        let mut block = Block::default();
        let mut rows = Rows::apart();
        while let Some(lines) = self.next(&mut block).ok()? {
            rows.swap(&mut block, lines);
            if checker.check(&mut rows).is_err() {
                self.lock().0.end();
                return None;
            }
        }
        Some(checker)
    }

    /// Reads the next block, and returns how many lines stand before it; `None` at the end.
    fn next(&self, block: &mut Block) -> io::Result<Option<u64>> {
        let (blocks, lines) = &mut *self.lock();
        if !blocks.next(block).inspect_err(|_| blocks.end())? {
            return Ok(None);
        }
        let before = *lines;
        *lines += memchr::memchr_iter(b'\n', block.bytes()).count() as u64;
        Ok(Some(before))
    }

    fn lock(&self) -> MutexGuard<'_, (Blocks<R>, u64)> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Both ways to check a file side by side, for tests and for the fuzzer.
#[cfg(any(test, fuzzing))]
pub(crate) mod agreement {
    use super::*;

    /// All that is known of a file, in words.
    fn told(result: Result<(Checked, &[u8]), Stopped>) -> String {
        match result {
            Ok((checked, rest)) => {
                let Checked { rows, lines, invalid, problems, .. } = checked;
                let repeated: Vec<_> = checked.repeated.iter().collect();
                let unlisted = checked.unlisted.to_string();
                let told = checked.told();
                let all = format!("{rows} {lines} {invalid} {problems} {repeated:?} {told:#?} {unlisted}");
                format!("{all}, then {} bytes", rest.len())
            }
            Err(stopped) => format!("{stopped:#?}"),
        }
    }

    /// Checks a file both ways. Returns what is told, and whether it is told from the blocks.
    pub(crate) fn both(text: &[u8]) -> (String, bool) {
        let blocks = in_blocks(text).map(|done| told(Ok(done)));
        let order = told(in_order(text));
        let is_told = blocks.is_some();
        assert!(blocks.is_none_or(|blocks| blocks == order));
        assert_eq!(told(file(|| Ok(text))), order);
        (order, is_told)
    }
}

#[cfg(test)]
mod tests {
    use super::agreement::both;
    use super::*;
    use proptest::prelude::*;

    /// Some lines of a file of several blocks.
    fn lines() -> impl Strategy<Value = Vec<u8>> {
        let text = |text: String| text.into_bytes();
        prop_oneof![
            8 => (0..40, "[ab]{1,2}").prop_map(|(customer, vpa)| format!("c{customer},b,{vpa}@upi,\n").into_bytes()),
            2 => "(c,b,\"[ab,]{1,3}@upi\",\r\n|c,b\n|\n\n)".prop_map(text),
            // Too long a reference, by which the others come to lie anywhere within a block.
            6 => (1_000..60_000_usize).prop_map(|length| format!("c,b,-@upi,{}\n", "r".repeat(length)).into_bytes()),
            1 => Just(b"c,b,\xff@upi,\n".to_vec()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn blocks_tell_the_same_as_the_whole(lines in proptest::collection::vec(lines(), 30..120)) {
            let text = [b"customer_id,bank_code,vpa,reference\n".to_vec(), lines.concat()].concat();
            let (_, is_told_from_blocks) = both(&text);
            prop_assert!(is_told_from_blocks);
        }

        #[test]
        fn what_is_no_row_is_told_the_same_wherever_it_stands(
            before in proptest::collection::vec(lines(), 0..60),
            line in prop_oneof![
                Just("c,b,\"a@\n\nupi\",\n".to_owned()),
                Just("c,b,\"a@upi,\n".to_owned()),
                (10_000..60_000_usize).prop_map(|length| format!("c,b,\"{}\n{}\",\n", "r".repeat(length), "r\n".repeat(2_000))),
                Just("r".repeat(80_000)),
                Just("r".repeat(600_000)),
            ],
            after in proptest::collection::vec(lines(), 0..60),
        ) {
            let text = [&b"customer_id,bank_code,vpa,reference\n"[..], &before.concat(), line.as_bytes(), &after.concat()].concat();
            both(&text);
        }
    }

    #[test]
    fn the_first_problems_of_all_are_told() {
        let rows = format!("c,b,@,{}\n", "r".repeat(2_000)).repeat(600);
        let (told, is_told_from_blocks) = both(format!("customer_id,bank_code,vpa,reference\n{rows}").as_bytes());
        assert!(is_told_from_blocks && told.starts_with("600 601 600 1200 []"));
        assert!(told.contains("line 2, vpa") && told.contains("line 51, reference") && !told.contains("line 52,"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_whenever_that_happens() {
        struct Broken(usize);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let text = b"customer_id,bank_code,vpa\nc,b,a@upi\n";
                let Some(left) = self.0.checked_sub(1) else { return Err(io::Error::other("broken")) };
                self.0 = left;
                let length = text.len().min(buffer.len());
                buffer[..length].copy_from_slice(&text[..length]);
                Ok(length)
            }
        }
        for reads in [0, 1, 20_000] {
            assert!(matches!(file(|| Ok(Broken(reads))), Err(Stopped::Io(error)) if error.to_string() == "broken"));
        }
    }
}
