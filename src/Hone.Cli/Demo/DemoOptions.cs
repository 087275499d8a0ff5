using Hone.Evaluation.Tasks;

namespace Hone.Cli.Demo;

/// <summary>What <c>demo.yaml</c> decides: the task and how the stages are examined. The stages themselves are recipes
/// beside it.</summary>
internal sealed record DemoOptions
{
    /// <summary>What the demo shows, in one line.</summary>
    public string Description { get; init; } = "";

    /// <summary>The kind of problems.</summary>
    public ArithmeticOptions Task { get; init; } = new();

    /// <summary>How many rows each stage gets.</summary>
    public ArithmeticSizes Rows { get; init; } = new();

    /// <summary>How each stage is examined.</summary>
    public ExaminationOptions Examination { get; init; } = new();

    /// <summary>How the model that GRPO leaves is searched with.</summary>
    public SearchOptions Search { get; init; } = new();
}
