namespace Hone.Data;

/// <summary>Holds examples to a length, and keeps the count of what it took.</summary>
/// <param name="options">The length, and what happens to longer ones.</param>
/// <param name="stops">Tokens that end a text or a turn.</param>
internal sealed class ExampleFitter(EncodingOptions options, IReadOnlySet<int> stops)
{
    /// <summary>What became of the rows so far.</summary>
    public EncodingReport Report { get; private set; } = new();

    /// <summary>Makes what fits of one row's examples.</summary>
    /// <exception cref="DataException">One is too long and that is to be refused.</exception>
    public IReadOnlyList<TrainingExample> Fit(SourceLine at, params IReadOnlyList<TrainingExample> parts)
    {
        Report = Report with { Rows = Report.Rows + 1, Parted = Report.Parted + (parts.Count > 1 ? 1 : 0) };
        foreach (var doubt in parts.Select(part => part.Doubt).OfType<string>().Except(Report.Doubts.Keys).ToList())
        {
            Report = Report with { Doubts = new Dictionary<string, SourceLine>(Report.Doubts) { [doubt] = at } };
        }

        var trained = parts.SelectMany(part => Pieces(at, part)).Where(piece => piece.TrainedTokens > 0).ToList();
        if (trained.Count == 0
            && !(options.Long == LongExamples.LeaveOut && parts.All(part => part.Length > options.MaxLength)))
        {
            Report = Report with { Untrained = Report.Untrained + 1 };
        }

        foreach (var piece in trained)
        {
            Report = Report with
            {
                Examples = Report.Examples + 1,
                Tokens = Report.Tokens + piece.Length,
                TrainedTokens = Report.TrainedTokens + piece.TrainedTokens,
                Stopping = Report.Stopping + (Stops(piece) ? 1 : 0),
            };
        }

        return trained;
    }

    /// <summary>Whether an example has a target that ends a text or a turn.</summary>
    public bool Stops(TrainingExample example)
    {
        for (var t = example.Length - 1; t > 0; t--)
        {
            if (example.Trained[t] && stops.Contains(example.Tokens[t]))
            {
                return true;
            }
        }

        return false;
    }

    private List<TrainingExample> Pieces(SourceLine at, TrainingExample example)
    {
        var (length, most) = (example.Length, options.MaxLength);
        if (length <= most)
        {
            return [example];
        }

        switch (options.Long)
        {
            case LongExamples.CutEnd:
                Report = Report with { Cut = Report.Cut + 1 };
                return [Slice(example, 0, most)];
            case LongExamples.CutStart:
                Report = Report with { Cut = Report.Cut + 1 };
                return [Slice(example, length - most, most)];
            case LongExamples.Split:
                Report = Report with { Split = Report.Split + 1 };
                var starts = Enumerable.Range(0, (length + most - 1) / most).Select(i => i * most);
                return [.. starts.Select(start => Slice(example, start, Math.Min(most, length - start)))];
            case LongExamples.LeaveOut:
                Report = Report with { TooLong = Report.TooLong + 1 };
                return [];
            case LongExamples.Refuse:
                throw new DataException(at, $"the row must have at most {most} tokens, got {length}");
            default:
                throw new InvalidOperationException($"{options.Long} is no way to handle a long example");
        }
    }

    private static TrainingExample Slice(TrainingExample example, int start, int length)
    {
        var trained = example.Trained.AsSpan(start, length).ToArray();
        trained[0] = false;
        return new TrainingExample(example.Tokens.AsSpan(start, length).ToArray(), trained);
    }
}
