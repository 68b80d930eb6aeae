/// Defines an enum with a sentence for each variant, which `Display` prints. The sentence can contain the variant's
/// fields. It is also the documentation of the variant, so that it is written only once.
macro_rules! sentences {
    (
        $(#[$attribute:meta])*
        pub enum $Name:ident {
            $(
                $(#[$more:meta])*
                $Variant:ident $({ $($field:ident: $Type:ty),+ })? $(($one:ident: $One:ty))? $(if feature $feature:tt)?
                    => $sentence:literal $(, $argument:ident = $value:expr)*;
            )+
        }
    ) => {
        $(#[$attribute])*
        #[allow(clippy::doc_markdown, reason = "`Display` prints no Markdown")]
        pub enum $Name {
            $(
                #[doc = $sentence]
                #[doc = ""]
                $(#[$more])*
                $(#[cfg(feature = $feature)])?
                $Variant
                    $({ $(#[allow(missing_docs, reason = "the sentence contains the field")] $field: $Type),+ })?
                    $(($One))?
            ),+
        }

        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&match self {
                    $(
                        $(#[cfg(feature = $feature)])?
                        Self::$Variant $({ $($field),+ })? $(($one))? => {
                            alloc::format!($sentence $(, $argument = $value)*)
                        }
                    ),+
                })
            }
        }
    };
}

pub(crate) use sentences;
