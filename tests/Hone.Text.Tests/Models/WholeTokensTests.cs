using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class WholeTokensTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_token_is_found_if_and_only_if_merging_makes_it_of_its_bytes(bool symbolsAreBytes)
    {
        var random = new Random(11);
        var (found, lost, without) = (0, 0, 0);
        for (var round = 0; round < 2_000; round++)
        {
            var model = RandomModel(random, random.Next(2, 30), symbolsAreBytes);
            without += model.WholeTokens is null ? 1 : 0;
            for (var token = 0; token < model.Vocabulary.Limit && model.WholeTokens is not null; token++)
            {
                var bytes = model.Spelling.BytesOf(token);
                var merged = Merged(model, bytes);
                var isWhole = merged.Length == 1 && merged[0] == token;
                Assert.Equal(isWhole ? token : -1, model.WholeTokens.Find(bytes));
                (found, lost) = isWhole ? (found + 1, lost) : (found, lost + 1);
            }
        }

        Assert.True(found > 10_000 && lost > 500 && without > 10, $"{found} {lost} {without}");
    }

    // bc goes before ab, so that abc comes about of a and bc alone.
    [Fact]
    public void Another_merge_that_comes_first_keeps_a_token_from_being_whole()
    {
        var model = Model(["a", "b", "c", "bc", "ab", "abc"], [("b", "c"), ("a", "b"), ("ab", "c")], false);

        Assert.Equal(-1, model.WholeTokens!.Find("abc"u8));
        Assert.Equal(4, model.WholeTokens.Find("ab"u8));
        Assert.Equal(-1, model.WholeTokens.Find("cab"u8));
    }

    [Fact]
    public void Ranks_that_do_not_grow_with_what_they_make_tell_nothing()
    {
        var model = Model(["a", "b", "c", "ab", "abc"], [("ab", "c"), ("a", "b")], false);

        Assert.Null(model.WholeTokens);
    }

    private static BpeModel RandomModel(Random random, int count, bool symbolsAreBytes)
    {
        List<string> tokens = ["a", "b", "c", "d"];
        List<(string Left, string Right)> merges = [];
        for (var tries = 0; merges.Count < count && tries < 200; tries++)
        {
            var merge = (Left: tokens[random.Next(tokens.Count)], Right: tokens[random.Next(tokens.Count)]);
            if (merges.Contains(merge) || merge.Left.Length + merge.Right.Length > 12)
            {
                continue;
            }

            merges.Add(merge);
            if (!tokens.Contains(merge.Left + merge.Right))
            {
                tokens.Add(merge.Left + merge.Right);
            }
        }

        // By the length of what they make several merges of one token do not come between the others.
        return Model(
            [.. tokens],
            random.Next(3) == 0 ? [.. merges] : [.. merges.OrderBy(merge => merge.Left.Length + merge.Right.Length)],
            symbolsAreBytes);
    }

    private static int[] Merged(BpeModel model, ReadOnlySpan<byte> bytes)
    {
        var word = new BpeWord(model.Merges);
        foreach (var value in bytes)
        {
            word.Add(model.FirstSymbols[value], 1);
        }

        word.Merge();
        var output = new TokenBuffer();
        word.CopyTo(output, 0);
        return output.Ids.ToArray();
    }

    private static BpeModel Model(string[] tokens, (string Left, string Right)[] merges, bool symbolsAreBytes) =>
        BpeModels.Of(tokens, merges, new BpeOptions { SymbolsAreBytes = symbolsAreBytes });
}
