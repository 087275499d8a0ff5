namespace Hone.Text.Training;

/// <summary>Makes a vocabulary of the most frequent words.</summary>
internal static class WordLevelLearner
{
    /// <summary>The special tokens, then the words, the most frequent first, those of equal frequency in ordinal
    /// order.</summary>
    public static IReadOnlyList<string> Learn(
        IReadOnlyList<(string Word, long Count)> words, WordLevelTrainingOptions options) =>
    [
        .. options.SpecialTokens
            .Concat(words
                .Where(word => word.Count >= options.MinFrequency)
                .OrderByDescending(word => word.Count)
                .ThenBy(word => word.Word, StringComparer.Ordinal)
                .Select(word => word.Word))
            .Distinct(StringComparer.Ordinal)
            .Take(Math.Max(options.VocabularySize, options.SpecialTokens.Count)),
    ];
}
