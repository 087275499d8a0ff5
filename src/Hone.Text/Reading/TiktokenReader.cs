using System.Globalization;
using System.Text;
using Hone.Text.Decoders;
using Hone.Text.Models;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;
using Hone.Text.PreTokenizers;

namespace Hone.Text.Reading;

/// <summary>Reads tiktoken's rank files: on each line a token in base64, a blank, its rank, which is its id.</summary>
internal static class TiktokenReader
{
    /// <summary>Reads a rank file into a pipeline that gives what tiktoken gives.</summary>
    public static TokenPipeline Read(string path, string pattern, IReadOnlyDictionary<string, int> specialTokens)
    {
        var tokens = ReadTokens(path);
        var spelling = new Vocabulary(tokens);
        var vocabulary = new Vocabulary(
            [.. tokens.Select(entry => (Encoding.UTF8.GetBytes(ByteAlphabet.LettersOf(entry.Token)), entry.Id))]);
        var model = new BpeModel(
            vocabulary, spelling, SpelledMerges.Of(spelling),
                new BpeOptions { SymbolsAreBytes = true, IgnoreMerges = true });
        return new TokenPipeline(
            normalizer: null,
            new SplitPreTokenizer(Compile(path, pattern), SplitBehavior.Isolated, invert: false),
            model,
            postProcessor: null,
            new ByteLevelDecoder(),
            [.. specialTokens.Select(entry => new AddedToken(entry.Value, entry.Key, IsSpecial: true))]);
    }

    private static List<(byte[] Token, int Id)> ReadTokens(string path)
    {
        List<(byte[] Token, int Id)> tokens = [];
        var number = 0;
        foreach (var line in ReadLines(path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            var bytes = new byte[line.Length];
            if (blank < 0 || !Convert.TryFromBase64Chars(line.AsSpan(0, blank), bytes, out var length) || length == 0
                || !int.TryParse(line.AsSpan(blank + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rank))
            {
                throw new TokenizerException($"{path}:{number}",
                    $"must be a token in base64, a blank and its rank, got \"{line[..Math.Min(line.Length, 60)]}\"");
            }

            VocabularyReader.CheckId($"{path}:{number}", rank, number);
            tokens.Add((bytes[..length], rank));
        }

        return tokens.Count > 0
            ? tokens
            : throw new TokenizerException(path, "must list tokens and their ranks, but has none");
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(path, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static IPattern Compile(string path, string pattern)
    {
        try
        {
            return PatternLibrary.Compile(pattern, RegexSyntax.Rust);
        }
        catch (FormatException fault)
        {
            throw new TokenizerException(path, fault.Message, fault);
        }
    }
}
