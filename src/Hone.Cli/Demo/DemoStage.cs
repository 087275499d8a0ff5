namespace Hone.Cli.Demo;

/// <summary>A stage of the demo, a row of its table.</summary>
/// <param name="Name">Its name in the table, and that of its run folder.</param>
/// <param name="RecipeFile">The recipe that trains it; empty for test-time search.</param>
/// <param name="Description">What it is, in a few words.</param>
internal sealed record DemoStage(string Name, string RecipeFile, string Description)
{
    /// <summary>A new model on raw text.</summary>
    public static DemoStage Pretrained { get; } = new("pretrained", "pretrain.yaml", "a new model that has read running calculations");

    /// <summary>The cold start.</summary>
    public static DemoStage Sft { get; } = new("sft", "sft.yaml", "cold start on a few worked problems");

    /// <summary>The control.</summary>
    public static DemoStage SftContinued { get; } = new("sft-continued", "sft-continued.yaml", "the control: the same for as long again as GRPO took");

    /// <summary>Practice.</summary>
    public static DemoStage Grpo { get; } = new("grpo", "grpo.yaml", "practice on problems of which only the answer is known");

    /// <summary>A vote among several answers.</summary>
    public static DemoStage Majority { get; } = new("majority", "", "grpo's model, the answer that most of its samples give");

    /// <summary>A choice among several answers.</summary>
    public static DemoStage BestOfN { get; } = new("best-of-n", "", "grpo's model, the sample that it is surest of itself");

    /// <summary>What a perfect choice would reach.</summary>
    public static DemoStage Oracle { get; } = new("oracle", "", "pass@N: whether any sample is right; nobody can choose so without the answer");

    /// <summary>The stages that are trained, in the order of training: the control last, as it needs to know how long GRPO took.</summary>
    public static IReadOnlyList<DemoStage> Trained { get; } = [Pretrained, Sft, Grpo, SftContinued];

    /// <summary>The rows of the table in its order.</summary>
    public static IReadOnlyList<DemoStage> InTable { get; } = [Pretrained, Sft, SftContinued, Grpo, Majority, BestOfN, Oracle];
}
