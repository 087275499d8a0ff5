using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class BpeWordTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(400)]
    public void Short_and_long_words_merge_as_by_the_definition(int length)
    {
        // Symbols 0 to 2 and all that forty random merges make of them.
        var random = new Random(length);
        for (var round = 0; round < 100; round++)
        {
            List<Merge> merges = [];
            while (merges.Count < 40)
            {
                var (left, right) = (random.Next(3 + merges.Count), random.Next(3 + merges.Count));
                if (!merges.Exists(merge => (merge.Left, merge.Right) == (left, right)))
                {
                    merges.Add(new Merge(left, right, 3 + merges.Count, merges.Count));
                }
            }

            int[] symbols = [.. Enumerable.Range(0, length).Select(_ => random.Next(3))];
            var word = new BpeWord(new MergeTable(merges, 3 + merges.Count));
            var output = new TokenBuffer();
            Array.ForEach(symbols, symbol => word.Add(symbol, 1));
            word.Merge();
            word.CopyTo(output, 0);

            Assert.Equal(ByDefinition(symbols, merges), output.Ids.ToArray());
            Assert.Equal(length, output.Ends[^1]);
        }
    }

    // Of all neighbours the merge with the lowest rank, of equal ones the leftmost, until there is none.
    private static List<int> ByDefinition(int[] symbols, List<Merge> merges)
    {
        List<int> word = [.. symbols];
        while (true)
        {
            var best = Enumerable.Range(0, word.Count - 1)
                .Select(place => (Place: place,
                    Merge: merges.FindIndex(merge => (merge.Left, merge.Right) == (word[place], word[place + 1]))))
                .Where(candidate => candidate.Merge >= 0)
                .OrderBy(candidate => candidate.Merge)
                .ThenBy(candidate => candidate.Place)
                .FirstOrDefault((Place: -1, Merge: -1));
            if (best.Place < 0)
            {
                return word;
            }

            word[best.Place] = merges[best.Merge].Result;
            word.RemoveAt(best.Place + 1);
        }
    }
}
