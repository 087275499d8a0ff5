namespace Hone.Evaluation.Tasks;

/// <summary>Rows of each file of an <see cref="ArithmeticTask"/>.</summary>
public sealed record ArithmeticSizes
{
    /// <summary>Texts of running calculations.</summary>
    public int Pretraining { get; init; } = 40000;

    /// <summary>Problems that are shown worked out.</summary>
    public int Traces { get; init; } = 128;

    /// <summary>Problems of which only the answer is known.</summary>
    public int Practice { get; init; } = 8000;

    /// <summary>Problems of the examination.</summary>
    public int HeldOut { get; init; } = 1000;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems() =>
        from size in new[] { ("pretraining", Pretraining), ("traces", Traces), ("practice", Practice),
            ("held_out", HeldOut) }
        where size.Item2 < 1
        select $"{size.Item1}: must be at least 1, got {size.Item2}";
}
