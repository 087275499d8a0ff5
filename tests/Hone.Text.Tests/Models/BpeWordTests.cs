using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class BpeWordTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(400)]
    public void Short_and_long_words_merge_as_by_the_definition(int length)
    {
        // Symbols 0 to 2 and all that forty random merges make of them; in every other round two merges share a rank.
        var random = new Random(length);
        for (var round = 0; round < 100; round++)
        {
            List<Merge> merges = [];
            while (merges.Count < 40)
            {
                var (left, right) = (random.Next(3 + merges.Count), random.Next(3 + merges.Count));
                if (!merges.Exists(merge => (merge.Left, merge.Right) == (left, right)))
                {
                    merges.Add(new Merge(left, right, 3 + merges.Count, merges.Count / (1 + (round % 2))));
                }
            }

            int[] symbols = [.. Enumerable.Range(0, length).Select(_ => random.Next(3))];
            var word = new BpeWord(new MergeTable(merges, 3 + merges.Count));
            var output = new TokenBuffer();
            Array.ForEach(symbols, symbol => word.Add(symbol, 1 + symbol));
            word.Merge();
            word.CopyTo(output, 0);

            var expected = ByDefinition([.. symbols.Select(symbol => (symbol, 1 + symbol))], merges);
            Assert.Equal(expected.Select(symbol => symbol.Id), output.Ids.ToArray());
            Assert.Equal(
                expected.Select(symbol => symbol.Length),
                output.Ends.ToArray().Zip(output.Starts.ToArray(), (end, start) => end - start));
        }
    }

    // Of all neighbours the merge with the lowest rank, of equal ones the leftmost, until there is none.
    private static List<(int Id, int Length)> ByDefinition(List<(int Id, int Length)> word, List<Merge> merges)
    {
        while (true)
        {
            var best = Enumerable.Range(0, word.Count - 1)
                .Select(place => (
                    Place: place,
                    Merge: merges.FindIndex(
                        merge => (merge.Left, merge.Right) == (word[place].Id, word[place + 1].Id))))
                .Where(candidate => candidate.Merge >= 0)
                .OrderBy(candidate => merges[candidate.Merge].Rank)
                .ThenBy(candidate => candidate.Place)
                .FirstOrDefault((Place: -1, Merge: -1));
            if (best.Place < 0)
            {
                return word;
            }

            word[best.Place] = (merges[best.Merge].Result, word[best.Place].Length + word[best.Place + 1].Length);
            word.RemoveAt(best.Place + 1);
        }
    }
}
