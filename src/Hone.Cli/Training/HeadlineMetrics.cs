using Hone.Cli.Writing;

namespace Hone.Cli.Training;

/// <summary>The metrics of a step that a person wants to see first.</summary>
internal static class HeadlineMetrics
{
    private static readonly string[] Names =
    [
        "reward", "loss", "kl", "entropy", "mean_token_accuracy", "completions/mean_length", "grad_norm",
        "learning_rate",
    ];

    /// <summary>The metric that says how the run goes: the reward where there is one, else the loss.</summary>
    public static string First(IReadOnlyDictionary<string, double> metrics) =>
        metrics.ContainsKey("reward") ? "reward" : "loss";

    /// <summary>The metrics of the list that a step has, in its order.</summary>
    public static IEnumerable<(string Name, double Value)> Of(IReadOnlyDictionary<string, double> metrics) =>
        Names.Where(metrics.ContainsKey).Select(name => (name, metrics[name]));

    /// <summary><c>reward 0.25  loss 1.094</c>.</summary>
    public static string Line(IEnumerable<(string Name, double Value)> metrics) =>
        string.Join("  ", metrics.Select(metric => $"{metric.Name} {Quantity.Metric(metric.Value)}"));
}
