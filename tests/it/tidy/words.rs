//! Words that are not used in this project, with what to write instead. One concept has one word, everywhere: in code,
//! flags, messages and documentation.

/// Words with the same advice.
pub struct Advice {
    /// The words, in lower case. A name in code counts as its parts: `CallAnswer` and `call_answer` are *call answer*.
    pub words: &'static [&'static str],
    /// Phrases that contain one of the words and are fine.
    pub except: &'static [&'static str],
    /// What to write instead.
    pub instead: &'static str,
}

const fn advice(words: &'static [&'static str], instead: &'static str) -> Advice {
    Advice { words, except: &[], instead }
}

/// All unwanted words.
pub const ADVICE: &[Advice] = &[
    // Plain English.
    Advice {
        words: &["told", "tell", "tells", "telling"],
        // A verdict on two names.
        except: &["cannot tell"],
        instead: "report, print, return; in a test: expected, message",
    },
    advice(&["mend", "mends", "mended", "mending"], "fix, update"),
    advice(&["take over", "takes over", "taken over", "took over"], "update, adopt"),
    advice(&["put away", "puts away"], "store"),
    Advice {
        words: &["stands", "stood"],
        except: &["stands for", "stood for", "stands in for"],
        instead: "is, follows, exists",
    },
    Advice {
        words: &["is no", "are no", "was no", "were no"],
        except: &[
            "there is no",
            "there are no",
            "there was no",
            "there were no",
            "where there is no",
            "is no longer",
            "are no longer",
            "is no more",
            "are no more",
        ],
        instead: "is not a",
    },
    advice(&["is none of", "are none of"], "is not a, does not match"),
    advice(&["became of", "becomes of", "become of"], "the outcome of"),
    advice(&["so many"], "at most N, this many"),
    advice(&["whose"], "a new sentence, or: of the, with the"),
    advice(&["nobody knows", "nobody has said"], "a new sentence: unknown, undocumented"),
    advice(&["brought along", "foreign"], "user-supplied; of other projects"),
    advice(&["by itself", "by themselves"], "alone, automatically"),
    advice(&["accepted is", "accepted are"], "expected"),
    advice(&["written down"], "unchanged, up to date, recorded"),
    advice(&["looked at", "looked for"], "checked, searched"),
    advice(&["held against", "holds against", "hold against"], "compared with"),
    // One word per concept.
    Advice {
        words: &["answer", "answers", "answered", "answering", "reply", "replies", "replied"],
        // A schema of the spec.
        except: &["customer accounts answer"],
        instead: "response, respond",
    },
    advice(&["openapi description", "api description", "lowered description"], "spec"),
    advice(&["underway", "under way"], "in flight; of a validation: pending"),
    advice(&["doubt", "doubts", "doubted", "doubtful"], "outcome unknown"),
    advice(&["journal", "journals"], "log"),
    advice(&["beneficiary", "beneficiaries"], "payee"),
    advice(&["penny test", "pennydrop", "penny dropping"], "penny drop"),
];

/// Places that need a word: the beginning of a path, the word, and why.
pub const ALLOWED: &[(&str, &str, &str)] = &[
    ("crates/cli/", "beneficiary", "headers of payee files"),
    ("crates/validation/src/placeholder.rs", "beneficiary", "a word in place of a name"),
];
