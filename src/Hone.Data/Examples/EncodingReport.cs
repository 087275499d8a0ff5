using System.Globalization;

namespace Hone.Data;

/// <summary>What became of the rows.</summary>
public sealed record EncodingReport
{
    private static readonly Dictionary<string, SourceLine> NoDoubts = [];

    /// <summary>Rows that came in.</summary>
    public long Rows { get; init; }

    /// <summary>Examples that came out.</summary>
    public long Examples { get; init; }

    /// <summary>Rows longer than fit that lost their end or start.</summary>
    public long Cut { get; init; }

    /// <summary>Rows longer than fit that became several examples.</summary>
    public long Split { get; init; }

    /// <summary>Rows longer than fit that were left out.</summary>
    public long TooLong { get; init; }

    /// <summary>Conversations that became several examples, as their template shows turns otherwise once others
    /// follow.</summary>
    public long Parted { get; init; }

    /// <summary>What about the targets is most likely not meant, each once, with the first row that it was met
    /// in.</summary>
    public IReadOnlyDictionary<string, SourceLine> Doubts { get; init; } = NoDoubts;

    /// <summary>Rows left out because no token of them would be trained.</summary>
    public long Untrained { get; init; }

    /// <summary>Tokens of all examples.</summary>
    public long Tokens { get; init; }

    /// <summary>Targets among them.</summary>
    public long TrainedTokens { get; init; }

    /// <summary>Examples in which a token that stops is a target.</summary>
    public long Stopping { get; init; }

    /// <summary>What is worth knowing before training, in words.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Parted > 0)
        {
            var counts = string.Create(CultureInfo.InvariantCulture, $"{Parted:N0} of {Rows:N0}");
            yield return $"data: {counts} rows made several examples, as the chat template shows turns otherwise once "
                + "others follow";
        }

        foreach (var (doubt, first) in Doubts)
        {
            yield return $"{first}: {doubt}; perhaps further rows, too";
        }
    }

    /// <summary>The counts in words: <c>1,000 rows, 998 examples, 51,200 tokens, 40,100 of them trained; 12 cut, 2 left
    /// out as nothing in them is trained</c>.</summary>
    public override string ToString()
    {
        List<string> remarks = [];
        Remark(Cut, "cut");
        Remark(Split, "split");
        Remark(Parted, "made several examples, as the chat template shows turns otherwise once others follow");
        Remark(TooLong, "left out as too long");
        Remark(Untrained, "left out as nothing in them is trained");
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"{Rows:N0} rows, {Examples:N0} examples, {Tokens:N0} tokens, {TrainedTokens:N0} of them trained");
        return remarks.Count == 0 ? counts : $"{counts}; {string.Join(", ", remarks)}";

        void Remark(long count, string what)
        {
            if (count > 0)
            {
                remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}"));
            }
        }
    }
}
