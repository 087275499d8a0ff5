using System.Globalization;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Reporting;

/// <summary>The columns of a table that set a line beside the best of the peers.</summary>
/// <remarks>
/// On a machine like the peers' figures are compared. On another one shares of the limits are: a peer that reached 68 %
/// of the rate of products there is taken to reach 68 % here.
/// </remarks>
/// <param name="peers">What other programs reached.</param>
/// <param name="lines">All lines of our own machine.</param>
internal sealed class PeerColumns(PeerRecord peers, IReadOnlyList<BenchmarkLine> lines)
{
    private const string Cycles = "cycles_per_byte";

    private readonly bool _isSameMachine = peers.IsSameMachine(lines);

    /// <summary>The heads of the columns.</summary>
    public string[] Heads => _isSameMachine
        ? ["best peer, same precision", "ratio", "best peer", "ratio"]
        : ["best peer, same precision", "ratio of shares", "best peer", "ratio of shares"];

    /// <summary>Whether there is something to compare with. Limits are the machine's own.</summary>
    public bool Has(BenchmarkLine row) =>
        !row.Work.StartsWith("limits/", StringComparison.Ordinal) && peers.Best(row, samePrecision: false) is not null;

    /// <summary>The cells of a line.</summary>
    public string[] Of(BenchmarkLine row) => [.. Cells(row, samePrecision: true), .. Cells(row, samePrecision: false)];

    private string[] Cells(BenchmarkLine row, bool samePrecision) => peers.Best(row, samePrecision) is { } peer
        ? [$"{peer.Program} {peer.Variant} {peer.Precision}: {Figures.MedianOf(peer)}", Ratio(row, peer)]
        : ["", ""];

    private string Ratio(BenchmarkLine row, BenchmarkLine peer)
    {
        if (_isSameMachine)
        {
            return Figures.RatioOf(row, peer);
        }

        // What tokenizers are bound by is no limit that was measured: cycles a byte are compared, where both say them.
        var ratio = row.Work.StartsWith("P7/", StringComparison.Ordinal)
            ? peer.ExtraNumber(Cycles) / row.ExtraNumber(Cycles)
            : Better(row, peer) / peers.MachineRatio(lines, row);
        return ratio is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times:0.00}x") : "-";
    }

    private static double? Better(BenchmarkLine row, BenchmarkLine peer) => row.IsHigherBetter
        ? row.Figures?.Median / peer.Figures?.Median
        : peer.Figures?.Median / row.Figures?.Median;
}
