namespace Hone.Cli.Demo;

/// <summary>A stage of the demo, a row of its table.</summary>
/// <param name="Name">Its name in the table, and that of its run folder.</param>
/// <param name="RecipeFile">The recipe that trains it; empty for test-time search.</param>
/// <param name="Description">What it is, in a few words.</param>
internal sealed record DemoStage(string Name, string RecipeFile, string Description)
{
    /// <summary>A new model on raw text.</summary>
    public static DemoStage Pretrained { get; } =
        new("pretrained", "pretrain.yaml", "has read calculations as raw text");

    /// <summary>The cold start.</summary>
    public static DemoStage Sft { get; } = new("sft", "sft.yaml", "a few problems worked out");

    /// <summary>The control.</summary>
    public static DemoStage SftContinued { get; } =
        new("sft-continued", "sft-continued.yaml", "SFT for as long again as GRPO took");

    /// <summary>Practice.</summary>
    public static DemoStage Grpo { get; } = new("grpo", "grpo.yaml", "practice, only answers checked");

    /// <summary>A vote among several answers.</summary>
    public static DemoStage Majority { get; } = new("majority", "", "grpo: what most samples say");

    /// <summary>A choice among several answers.</summary>
    public static DemoStage BestOfN { get; } = new("best-of-n", "", "grpo: the sample it is surest of");

    /// <summary>What a perfect choice would reach.</summary>
    public static DemoStage Oracle { get; } = new("oracle", "", "grpo: any sample right (pass@N)");

    /// <summary>
    /// The stages that are trained, in the order of training: the control last, as it needs to know how long GRPO took.
    /// </summary>
    public static IReadOnlyList<DemoStage> Trained { get; } = [Pretrained, Sft, Grpo, SftContinued];

    /// <summary>The rows of the table in its order.</summary>
    public static IReadOnlyList<DemoStage> InTable { get; } =
        [Pretrained, Sft, SftContinued, Grpo, Majority, BestOfN, Oracle];
}
