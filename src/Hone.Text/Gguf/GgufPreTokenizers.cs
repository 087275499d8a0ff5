using Hone.Text.Normalizers;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;
using Hone.Text.PreTokenizers;
using Hone.Text.Unicode;

namespace Hone.Text.Gguf;

/// <summary>How the names in <c>tokenizer.ggml.pre</c> cut text.</summary>
internal sealed record GgufPreTokenizers(INormalizer? Normalizer, IPreTokenizer PreTokenizer, bool IgnoresMerges)
{
    /// <summary>The way called <paramref name="name"/>.</summary>
    /// <exception cref="FormatException">It is not known.</exception>
    public static GgufPreTokenizers Of(string name) => name switch
    {
        "gpt-2" or "mpt" or "olmo" => Plain(PatternLibrary.Gpt2),
        "starcoder" or "smollm" or "refact" or "command-r" or "codeshell" =>
            new(null, new PreTokenizerSequence([Digits, Isolated(PatternLibrary.Gpt2)]), false),
        "llama-bpe" => Plain(PatternLibrary.ThreeDigits, ignoresMerges: true),
        "dbrx" or "smaug-bpe" => Plain(PatternLibrary.ThreeDigits),
        "qwen2" or "deepseek-r1-qwen" =>
            new(new FormNormalizer(NormalForm.Nfc), Isolated(PatternLibrary.OneDigit), false),
        _ when StepsOf(name) is { } steps => Steps(steps),
        _ => throw new FormatException($"cuts text in the way \"{name}\" (tokenizer.ggml.pre), which is not known"),
    };

    /// <summary>The expressions that cut text one after the other, in ways that consist of such.</summary>
    public static string[]? StepsOf(string name) => name switch
    {
        "deepseek-coder" => ["[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", @"\p{N}"],
        "deepseek-v3" =>
        [
            @"\p{N}{1,3}",
            "[一-龥぀-ゟ゠-ヿ]+",
            """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|"""
                + @" ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        _ => null,
    };

    private static SplitPreTokenizer Digits => Isolated(new ClassPattern(CodePoint.IsNumber));

    private static GgufPreTokenizers Plain(IPattern pattern, bool ignoresMerges = false) =>
        new(null, Isolated(pattern), ignoresMerges);

    private static GgufPreTokenizers Steps(string[] patterns)
    {
        var steps = patterns.Select(pattern => Isolated(PatternLibrary.Compile(pattern, RegexSyntax.Oniguruma)));
        return new(null, new PreTokenizerSequence([.. steps]), false);
    }

    private static SplitPreTokenizer Isolated(IPattern pattern) => new(pattern, SplitBehavior.Isolated, invert: false);
}
