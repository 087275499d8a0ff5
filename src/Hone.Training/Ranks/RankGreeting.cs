using System.Text.Json;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Ranks;

/// <summary>What each rank tells the others before it loads anything.</summary>
/// <param name="Recipe">The recipe with every default, in YAML.</param>
/// <param name="Sources">What names of the hub stood for.</param>
/// <param name="Version">The version of Hone.</param>
/// <param name="Machine">The machine it runs on.</param>
/// <param name="Compute">The dtype of products that the recipe gives there.</param>
internal sealed record RankGreeting(
    string Recipe, IReadOnlyDictionary<string, string> Sources, string Version, string Machine, string Compute)
{
    /// <summary>What may differ: where files lie, and what is one machine's own matter.</summary>
    private static readonly string[] OwnMatters =
        ["output", "threads", "description", "model.path", "model.tokenizer", "data.train.path", "data.eval.path"];

    /// <summary>The greeting of this rank.</summary>
    public static RankGreeting Of(LocatedRecipe located, ComputeDecision compute) => new(
        RecipeWriter.Write(located.Recipe), located.Sources, HoneVersion.Text, Environment.MachineName, compute.Name);

    /// <summary>Tells the others, and hears them.</summary>
    /// <exception cref="OptionsException">The ranks do not do the same.</exception>
    public IReadOnlyList<RankGreeting> Exchange(RankTeam team)
    {
        if (team.Count == 1)
        {
            return [this];
        }

        var texts = team.Gather(JsonSerializer.Serialize(this));
        RankGreeting[] all = [.. texts.Select(text => JsonSerializer.Deserialize<RankGreeting>(text)!)];
        var problems = all.Index().SelectMany(other => other.Item.DifferencesFrom(all[0], other.Index)).ToList();
        return problems is [] ? all : throw OptionsException.Of(problems);
    }

    /// <summary>The dtype that all ranks compute in: one that all are fast in, where each may choose.</summary>
    /// <param name="own">What this rank would choose by itself.</param>
    /// <param name="all">What all ranks would choose.</param>
    public static ComputeDecision Agree(ComputeDecision own, IReadOnlyList<RankGreeting> all)
    {
        var other = Enumerable.Range(0, all.Count).FirstOrDefault(rank => all[rank].Compute != all[0].Compute);
        return other == 0
            ? own
            : new ComputeDecision(DType.Float32, $"rank 0 would choose {all[0].Compute}, rank {other} would not");
    }

    private IEnumerable<string> DifferencesFrom(RankGreeting first, int rank)
    {
        if (Version != first.Version)
        {
            yield return $"rank {rank}: must run the version of hone that rank 0 runs, {first.Version}, runs {Version}";
        }

        foreach (var difference in RecipeComparison.Differences(first.Recipe, Recipe, OwnMatters))
        {
            yield return $"rank {rank}: must follow the recipe of rank 0; {difference}";
        }

        foreach (var (name, source) in Sources)
        {
            var other = first.Sources.GetValueOrDefault(name, "a local file");
            if (source != other)
            {
                yield return $"rank {rank}: must take {name} from {other} as rank 0 does, takes it from {source}";
            }
        }
    }
}
