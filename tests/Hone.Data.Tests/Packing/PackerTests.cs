using System.Text.Json;

namespace Hone.Data.Tests.Packing;

public sealed class PackerTests
{
    [Fact]
    public void Rows_positions_and_segments_are_those_of_the_reference()
    {
        // packing.jsonl: rows of TRL's pack_dataset. Token k of a data set is k = 1, 2, …; a row's labels are −k for
        // every third token, which says where each token came from.
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "packing.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var (root, options) = (document.RootElement, document.RootElement.GetProperty("options"));
            var examples = Sequences.Of(Ints(root.GetProperty("inputs").GetProperty("lengths")));
            var rows = Packer.Pack(
                examples,
                options.GetProperty("seq_length").GetInt32(),
                options.GetProperty("strategy").GetString() switch
                {
                    "bfd" => PackingStrategy.BestFit,
                    "bfd_split" => PackingStrategy.BestFitSplit,
                    _ => PackingStrategy.Wrapped,
                },
                options.TryGetProperty("map_batch_size", out var window) ? window.GetInt32() : 1000).ToList();

            var expected = root.GetProperty("expected").GetProperty("exact");
            Assert.Equal(Rows(expected.GetProperty("input_ids")), rows.Select(row => row.Tokens));
            if (expected.TryGetProperty("seq_lengths", out var lengths))
            {
                Assert.Equal(Rows(lengths),
                    rows.Select(row => row.SegmentStarts.Zip(row.SegmentStarts.Skip(1), (a, b) => b - a)));
                Assert.Equal(Rows(expected.GetProperty("position_ids")), rows.Select(row => row.Positions));
            }
            else
            {
                Assert.All(rows, row => Assert.Equal([0, row.Length], row.SegmentStarts));
            }
        }
    }

    [Theory]
    [InlineData(PackingStrategy.BestFit)]
    [InlineData(PackingStrategy.BestFitSplit)]
    [InlineData(PackingStrategy.Wrapped)]
    public void Every_token_is_kept_once_and_pieces_say_where_it_came_from(PackingStrategy strategy)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var longest = strategy == PackingStrategy.BestFit ? 16 : 40;
            var examples = Sequences.Of(Sequences.RandomLengths(seed, 60, longest));
            var rows = Packer.Pack(examples, 16, strategy, window: 25).ToList();

            Assert.Equal(Enumerable.Range(1, examples.Sum(e => e.Length)), rows.SelectMany(row => row.Tokens).Order());
            Assert.All(rows, row => Assert.Equal(row.Tokens, row.Pieces.SelectMany(
                piece => examples[piece.Example].Tokens.AsSpan(piece.Start, piece.Length).ToArray())));
        }
    }

    [Theory]
    [InlineData(PackingStrategy.BestFit)]
    [InlineData(PackingStrategy.BestFitSplit)]
    [InlineData(PackingStrategy.Wrapped)]
    public void No_row_is_too_long_and_no_segment_begins_with_a_target(PackingStrategy strategy)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var row in Packer.Pack(Sequences.Of(Sequences.RandomLengths(seed, 60, 40)), 16, strategy))
            {
                Assert.InRange(row.Length, 1, 16);
                Assert.Equal(0, row.SegmentStarts[0]);
                Assert.Equal(row.Length, row.SegmentStarts[^1]);
                Assert.All(row.SegmentStarts.SkipLast(1), start => Assert.False(row.Trained[start]));
                Assert.All(row.SegmentStarts.SkipLast(1), start => Assert.Equal(0, row.Positions[start]));
            }
        }
    }

    [Fact]
    public void Best_fit_wastes_less_than_first_come()
    {
        // 1000 lengths of 1 … 64 into rows of 64: the sum / 64 is the least any packing can use; best fit, longest
        // first, is known to need at most 11/9 of the best.
        var lengths = Enumerable.Range(0, 1000).Select(i => 1 + ((i * 37) % 64)).ToList();
        var rows = Packer.Pack(Sequences.Of(lengths), 64, PackingStrategy.BestFit).Count();
        var least = (lengths.Sum() + 63) / 64;

        Assert.InRange(rows, least, least * 11 / 9);
    }

    [Fact]
    public void Rows_joined_are_one_row_with_all_segments()
    {
        var rows = Packer.Pack(Sequences.Of(5, 2, 3, 1), 4, PackingStrategy.BestFitSplit).ToList();
        var joined = PackedRow.Join(rows);

        Assert.Equal([1, 2, 3, 4, 8, 9, 10, 5, 6, 7, 11], joined.Tokens);
        Assert.Equal([0, 4, 7, 8, 10, 11], joined.SegmentStarts);
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 0, 0, 1, 0], joined.Positions);
        // 11 tokens in 5 segments, of which the first never is a target: 11 − 5 = 6. (Token 5 begins a piece.)
        Assert.Equal(6, joined.TrainedTokens);
        Assert.Equal(rows.Sum(row => row.TrainedTokens), joined.TrainedTokens);
    }

    [Fact]
    public void A_hundred_thousand_sequences_pack_in_near_linear_time()
    {
        // A scan over open rows would take 10⁹ steps here; a look-up in a tree takes 10⁶.
        var examples = Sequences.Of(Sequences.RandomLengths(1, 100_000, 60).Select(n => n + 1));

        Assert.Equal(examples.Sum(e => e.Length),
            Packer.Pack(examples, 100, PackingStrategy.BestFit, window: 100_000).Sum(row => row.Length));
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    private static IEnumerable<int[]> Rows(JsonElement list) => list.EnumerateArray().Select(Ints);
}
