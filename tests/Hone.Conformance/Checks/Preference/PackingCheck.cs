using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Preference;

/// <summary>Sequences packed into rows.</summary>
/// <remarks>Token k of a data set is k = 1, 2, …; its label is −k for every third, so that labels say where they came
/// from.</remarks>
public sealed class PackingCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["data/packing"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var examples = Examples(golden.Inputs["lengths"]);
        var rows = Packer.Pack(
            examples,
            (int)golden.Options["seq_length"].Whole,
            Strategy(golden.Options["strategy"].Text),
            (int)golden.Options.NumberOr("map_batch_size", 1000)).ToList();

        var expected = golden.Expected["exact"];
        Compare(findings, expected["input_ids"], [.. rows.Select(row => row.Tokens)]);
        Compare(findings, expected["labels"], [.. rows.Select(row => row.Tokens.Select(k => k % 3 == 0 ? -k : k))]);
        if (expected.Find("seq_lengths") is { } lengths)
        {
            Compare(findings, lengths, [.. rows.Select(SegmentLengths)]);
            Compare(findings, expected["position_ids"], [.. rows.Select(row => row.Positions)]);
        }
    }

    /// <summary>Compares rows of whole numbers.</summary>
    internal static void Compare(Findings findings, Field expected, IReadOnlyList<IEnumerable<int>> got)
    {
        findings.Same($"{expected.At}.length", expected.Items.Count, got.Count);
        foreach (var (row, values) in expected.Items.Zip(got))
        {
            findings.SameList(row.At, [.. row.Numbers.Select(number => (int)number)], [.. values]);
        }
    }

    /// <summary>The strategy by TRL's name.</summary>
    internal static PackingStrategy Strategy(string name) => name switch
    {
        "bfd" => PackingStrategy.BestFit,
        "bfd_split" => PackingStrategy.BestFitSplit,
        "wrapped" => PackingStrategy.Wrapped,
        _ => throw new GoldenException($"strategy: the product has no \"{name}\""),
    };

    /// <summary>Tokens of each segment.</summary>
    internal static IEnumerable<int> SegmentLengths(PackedRow row) =>
        row.SegmentStarts.Zip(row.SegmentStarts.Skip(1), (start, end) => end - start);

    private static List<TrainingExample> Examples(Field lengths)
    {
        var next = 1;
        return [.. lengths.Items.Select(length => (int)length.Whole).Select(length => new TrainingExample(
            [.. Enumerable.Range(0, length).Select(_ => next++)],
            [.. Enumerable.Range(0, length).Select(t => t > 0)]))];
    }
}
