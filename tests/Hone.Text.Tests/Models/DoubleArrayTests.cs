using System.Text;
using Hone.Text.Models;

namespace Hone.Text.Tests.Models;

public sealed class DoubleArrayTests
{
    [Fact]
    public void All_strings_that_begin_at_a_place_are_found_with_their_values()
    {
        var random = new Random(5);
        foreach (var letters in new[] { 2, 5, 256 })
        {
            var strings = Enumerable.Range(0, 3_000).Select(_ => Random(random, letters, 6)).ToList();
            var tree = new DoubleArray(strings.Select((text, value) => (text, value)));
            var first = new Dictionary<string, int>();
            for (var value = 0; value < strings.Count; value++)
            {
                first.TryAdd(Key(strings[value]), value);
            }

            for (var round = 0; round < 3_000; round++)
            {
                var text = Random(random, letters, 12);
                var expected = Enumerable.Range(1, text.Length)
                    .Select(length => first.GetValueOrDefault(Key(text[..length]), -1)).Where(value => value >= 0);

                Assert.Equal(expected, Found(tree, text));
            }
        }
    }

    [Fact]
    public void A_tree_of_nothing_has_nothing_and_empty_strings_do_not_count()
    {
        Assert.Equal(-1, new DoubleArray([]).Next(new DoubleArray([]).Root, 0, out _));
        var tree = new DoubleArray([([], 0), ([0], 1), ([0, 0], 2)]);
        Assert.Equal([1, 2], Found(tree, [0, 0, 0]));
    }

    private static List<int> Found(DoubleArray tree, byte[] text)
    {
        List<int> found = [];
        var node = tree.Root;
        foreach (var letter in text)
        {
            node = tree.Next(node, letter, out var value);
            if (node < 0)
            {
                break;
            }

            if (value >= 0)
            {
                found.Add(value);
            }
        }

        return found;
    }

    private static byte[] Random(Random random, int letters, int longest) =>
        [.. Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => (byte)random.Next(letters))];

    private static string Key(byte[] text) => Encoding.Latin1.GetString(text);
}
