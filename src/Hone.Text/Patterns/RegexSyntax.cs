namespace Hone.Text.Patterns;

/// <summary>Whose rules a regular expression is written by, where they differ.</summary>
internal enum RegexSyntax
{
    /// <summary>Oniguruma's, with Ruby's rules: ^ and $ are of lines, {n,m}+ repeats a repetition.
    /// <c>tokenizer.json</c>.</summary>
    Oniguruma,

    /// <summary>Those of Rust's regular expressions: ^ and $ are of the text, {n,m}+ is possessive.
    /// <c>tiktoken</c>.</summary>
    Rust,
}
