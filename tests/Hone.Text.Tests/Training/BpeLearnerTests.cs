using Hone.Text.Training;

namespace Hone.Text.Tests.Training;

public sealed class BpeLearnerTests
{
    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_of_equals_the_one_with_the_smaller_ids()
    {
        // Letters a b c d n u: ids 0…5. Pairs: ab 3, un 3; (a, b) is the smaller. Then (u, n), and of the rest, each
        // once or twice, only (ab, c) occurs twice.
        var (tokens, merges) = Learn(
            new() { VocabularySize = 20, MinFrequency = 2 }, ("abc", 2), ("abd", 1), ("un", 3));

        Assert.Equal(["a", "b", "c", "d", "n", "u", "ab", "un", "abc"], tokens);
        Assert.Equal([("a", "b"), ("u", "n"), ("ab", "c")], merges);
    }

    [Fact]
    public void Occurrences_that_overlap_are_merged_from_the_left()
    {
        // aaaaa → aa aa a → aaaa a; the pair (aa, aa) occurs once, as (aa, a) does, and (a, aa) not at all.
        var (tokens, merges) = Learn(new() { VocabularySize = 20 }, ("aaaaa", 1));

        Assert.Equal(["a", "aa", "aaa", "aaaaa"], tokens);
        Assert.Equal([("a", "a"), ("aa", "a"), ("aa", "aaa")], merges);
    }

    [Fact]
    public void A_merge_that_spells_a_known_token_is_recorded_and_adds_none()
    {
        // abc four times as a|bc … (b, c) 5 comes first; then (a, bc) 4; "ab" is given from the start, so (a, b) adds
        // none.
        var (tokens, merges) = Learn(
            new() { VocabularySize = 20, SpecialTokens = ["ab"], MinFrequency = 2 }, ("ab", 2), ("bc", 5));

        Assert.Equal(["ab", "a", "b", "c", "bc"], tokens);
        Assert.Equal([("b", "c"), ("a", "b")], merges);
    }

    [Fact]
    public void The_alphabet_is_ordered_by_code_point_and_can_be_given_and_limited()
    {
        var given = new BpeTrainingOptions
        {
            VocabularySize = 0,
            InitialAlphabet = ["é", "ßx", "a"],
            LimitAlphabet = 4,
        };

        // é, ß and a are asked for; of b (3) and c (1) the more frequent one has room.
        Assert.Equal(["a", "b", "ß", "é"], Learn(given, ("bbb", 1), ("c", 1)).Tokens);
    }

    [Fact]
    public void Characters_outside_of_the_alphabet_are_left_out_of_words()
    {
        var (tokens, merges) = Learn(new() { VocabularySize = 9, LimitAlphabet = 2 }, ("axb", 3), ("ab", 1));

        Assert.Equal(["a", "b", "ab"], tokens);
        Assert.Equal([("a", "b")], merges);
    }

    [Fact]
    public void Prefix_and_suffix_mark_where_in_a_word_a_piece_stands()
    {
        var options = new BpeTrainingOptions
        {
            VocabularySize = 30,
            ContinuingSubwordPrefix = "##",
            EndOfWordSuffix = "</w>",
        };

        var (tokens, merges) = Learn(options, ("ab", 2));

        Assert.Equal(["a", "b", "##b</w>", "ab</w>"], tokens);
        Assert.Equal([("a", "##b</w>")], merges);
    }

    [Fact]
    public void A_pair_that_arises_is_not_merged_when_it_would_be_too_long()
    {
        // At most 3 characters: ab, cd; (ab, cd) would have 4.
        var (tokens, _) = Learn(new() { VocabularySize = 30, MaxTokenLength = 4 }, ("abcd", 2), ("cd", 1));

        Assert.Equal(["a", "b", "c", "d", "cd", "ab"], tokens);
    }

    [Fact]
    public void Counts_kept_up_to_date_are_those_of_counting_anew()
    {
        // Random words over two letters make long chains of overlapping pairs. The slow way: count, merge, count again.
        var random = new Random(7);
        var words = Enumerable.Range(0, 60)
            .Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => "abc"[random.Next(3)])]))
            .Distinct()
            .Select(word => (word, (long)random.Next(1, 9)))
            .ToArray();

        var (tokens, merges) = Learn(new() { VocabularySize = 60, MinFrequency = 2 }, words);

        Assert.Equal(CountingAnew(words, 60, 2), (string.Join(' ', tokens), string.Join(' ', merges)));
    }

    private static (string Tokens, string Merges) CountingAnew((string Word, long Count)[] words, int size, long least)
    {
        List<string> tokens = ["a", "b", "c"];
        List<(string, string)> merges = [];
        var split = words.Select(word => word.Word.Select(letter => letter.ToString()).ToList()).ToList();
        while (tokens.Count < size)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach (var (pieces, word) in split.Zip(words))
            {
                foreach (var pair in pieces.Zip(pieces.Skip(1)))
                {
                    counts[pair] = counts.GetValueOrDefault(pair) + word.Count;
                }
            }

            var best = counts
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => tokens.IndexOf(pair.Key.Left))
                .ThenBy(pair => tokens.IndexOf(pair.Key.Right))
                .FirstOrDefault();
            if (best.Value < least)
            {
                break;
            }

            merges.Add(best.Key);
            var merged = best.Key.Left + best.Key.Right;
            if (!tokens.Contains(merged))
            {
                tokens.Add(merged);
            }

            foreach (var pieces in split)
            {
                for (var at = 0; at + 1 < pieces.Count; at++)
                {
                    if ((pieces[at], pieces[at + 1]) == best.Key)
                    {
                        pieces[at] = merged;
                        pieces.RemoveAt(at + 1);
                    }
                }
            }
        }

        return (string.Join(' ', tokens), string.Join(' ', merges));
    }

    private static (IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges) Learn(
        BpeTrainingOptions options, params (string Word, long Count)[] words) =>
        BpeLearner.Learn(words, options, TestContext.Current.CancellationToken);
}
