namespace Hone.Cli.Demo;

/// <summary>How a demo went.</summary>
/// <param name="Seed">The seed of every stage.</param>
/// <param name="Stages">The rows of the table, in its order.</param>
/// <param name="Curves">The metrics of each stage that was trained.</param>
/// <param name="Search">The answers of test-time search.</param>
/// <param name="Samples">The first held-out problems with each stage's answer.</param>
/// <param name="Seconds">How long all of it took.</param>
internal sealed record DemoResult(
    long Seed,
    IReadOnlyList<StageResult> Stages,
    IReadOnlyList<StageCurves> Curves,
    SearchPaper Search,
    IReadOnlyList<DemoSample> Samples,
    double Seconds)
{
    /// <summary>The accuracy of a stage.</summary>
    public double ShareOf(DemoStage stage) => Stages.First(result => result.Stage == stage).Accuracy.Share;

    /// <summary>The metrics of a stage.</summary>
    public StageCurves CurvesOf(DemoStage stage) => Curves.First(curves => curves.Stage == stage);
}

/// <summary>A held-out problem as each stage answers it.</summary>
/// <param name="Prompt">The problem.</param>
/// <param name="Gold">The right answer.</param>
/// <param name="Answers">What each stage answered.</param>
internal sealed record DemoSample(string Prompt, string Gold, IReadOnlyList<StageAnswer> Answers);

/// <summary>What a stage answered.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Text">Its answer.</param>
/// <param name="IsRight">Whether it is right.</param>
internal sealed record StageAnswer(DemoStage Stage, string Text, bool IsRight);
