using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Ranks;

/// <summary>Works out what changes in a plan when several processes carry it out.</summary>
internal static class RankPlanner
{
    /// <summary>The plan of each rank.</summary>
    /// <param name="plan">The plan of one process alone.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="weights">The size of each trained weight.</param>
    /// <param name="ranks">Processes in all.</param>
    /// <param name="here">Those of them on this machine.</param>
    public static TrainingPlan Divide(
        TrainingPlan plan, Recipe recipe, IEnumerable<long> weights, int ranks, int here) => plan with
        {
            Ranks = ranks,
            Threads = recipe.Threads.Resolve(here),
            Memory = ranks == 1 ? plan.Memory : Divide(plan.Memory, weights, ranks, here),
            Warnings = [.. plan.Warnings, .. Warnings(plan, ranks, here)],
        };

    private static OrderedDictionary<string, long> Divide(
        IReadOnlyDictionary<string, long> whole, IEnumerable<long> weights, int ranks, int here)
    {
        var memory = new OrderedDictionary<string, long>(whole);
        foreach (var cache in new[] { "cache", TrainingPlan.DraftCache }.Where(memory.ContainsKey))
        {
            memory[cache] = (memory[cache] + ranks - 1) / ranks; // each samples its share of the answers
        }

        if (ranks > here)
        {
            memory["sums of gradients"] = GradientReducer.BytesOfBuckets(weights);
        }

        return memory;
    }

    private static IEnumerable<string> Warnings(TrainingPlan plan, int ranks, int here)
    {
        if (plan.SequencesPerStep < ranks)
        {
            yield return $"batch.rows_per_step: a step of {plan.SequencesPerStep} sequences leaves "
                + $"{ranks - plan.SequencesPerStep} of {ranks} ranks without work";
        }

        if (here > Environment.ProcessorCount)
        {
            yield return $"ranks: {here} processes on {Environment.ProcessorCount} processors wait for each other; "
                + $"take {Environment.ProcessorCount} at most";
        }
    }
}
