//! The reasons to reject a string. They are detailed, but never quote the string.

use core::fmt;

use crate::character::Character;
use crate::sentences::sentences;

sentences! {
    /// What is wrong with a string. Lengths and positions count characters; positions start at 1.
    ///
    /// `Display` prints a sentence without the field name, which the caller knows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Reason {
        Empty => "it is empty";
        TooShort { length: usize, min: usize } => "it has {characters}; at least {min} are needed", characters = Count(*length, "character");
        TooLong { length: usize, max: usize } => "it has {characters}; at most {max} are allowed", characters = Count(*length, "character");
        UnexpectedCharacter { position: usize, character: Character } => "character {position} is {character}";

        // A placeholder, or a trace of a spreadsheet.
        Ditto => "it refers to the row above; repeat the value in this row";
        Placeholder => "this stands for a missing value; fill in the value, or leave the field empty";
        Rounded => "a spreadsheet rounded this number; format the column as text, then copy the number from the source";
        Hidden => "the column was too narrow to show the value; widen it and copy the value again";
        SpreadsheetError => "this is a spreadsheet error; correct the formula and copy the value again";
        TextGuard => "it includes a spreadsheet's text marker, such as a leading apostrophe; remove the marker";
        ThousandsSeparators => "it has thousands separators; write only the digits";
        DecimalPoint => "it has decimals, which a spreadsheet adds to a number; format the column as text";

        // A value of another kind.
        AccountNumber => "it has only digits, like an account number; perhaps two columns are swapped";
        Pan => "this is a PAN; perhaps two columns are swapped";
        UpiAddress => "this is a UPI address; perhaps two columns are swapped";
        Ifsc => "this is an IFSC; perhaps two columns are swapped";
        EmailAddress => "this looks like an e-mail address; a UPI address ends in the handle of a payment app or bank, such as @upi";
        MobileNumber => "this is a mobile number; ask the payee for the account number, or for the UPI address, which has an @";

        // IFSC.
        FifthNotZero { character: Character } => "character 5 is {character}; the digit 0 belongs there";
        ZeroForLetter { position: usize } => "character {position} is the digit 0; a letter belongs there, perhaps the letter O";
        BankName => "it has no digits, like the name of a bank; an IFSC is a code such as HDFC0000053, on the cheque or in the passbook";
        Lowercase => "it has lower-case letters; an IFSC has capital letters";
        BankLetters { letters: usize } => "it begins with {count}; an IFSC begins with the 4 letters of a bank", count = Count(*letters, "letter");

        // UPI address.
        PaymentLink => "this is a payment link; write only the UPI address in the link";
        AngleBrackets => "the address is in angle brackets; write only the address";
        TrailingDot => "it ends in a dot; remove the dot";
        MissingAt => "it has no @; a UPI address has the form name@handle";
        SecondAt { position: usize } => "character {position} is a second @; an address has only one";
        LocalEmpty => "the part before the @ is empty";
        LocalTooLong { length: usize, max: usize } => "it has {characters} before the @; at most {max} are allowed", characters = Count(*length, "character");
        HandleEmpty => "the part after the @ is empty";
        HandleStart { position: usize } => "character {position} is a digit; the part after the @ must begin with a letter";
        HandleTooShort { length: usize, min: usize } => "it has {characters} after the @; at least {min} are needed", characters = Count(*length, "character");
        HandleTooLong { length: usize, max: usize } => "it has {characters} after the @; at most {max} are allowed", characters = Count(*length, "character");
        DottedHandle => "the part after the @ has a dot, so it must be one of NPCI's forms, such as mobile.npci";

        // Customer id.
        DotSegment => "an id of one or two dots has a special meaning in a URL; use another id";

        // Amount.
        Currency => "it includes a currency; write only the number";
        Zero => "it is zero";
        Negative => "it is less than zero; the smallest amount is 0.01 rupees";
        LeadingZero => "it has a leading zero; remove the zero";
        MissingDecimals => "no digit follows the decimal point; add the decimals, or remove the point";
        TooManyDecimals { decimals: usize } => "it has {decimals} decimals; at most 2 are allowed";
        TooLarge => "it is more than the limit of 9999999.99 rupees";

        // Request.
        NoAccount => "the request has no account; add a bank account or a UPI address";
    }
}

impl Reason {
    /// Returns the position of the wrong character; `None` if the reason does not point to a single character.
    pub const fn position(self) -> Option<usize> {
        match self {
            Self::UnexpectedCharacter { position, .. }
            | Self::ZeroForLetter { position }
            | Self::SecondAt { position }
            | Self::HandleStart { position } => Some(position),
            Self::FifthNotZero { .. } => Some(5),
            Self::LeadingZero => Some(1),
            _ => None,
        }
    }
}

/// Prints a number and a word: `1 character`, `2 characters`.
struct Count(usize, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}
