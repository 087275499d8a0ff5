using Hone.Cli.Training;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Cli.Ranks;

/// <summary>Whether a run takes one process or several, and which of them this one is.</summary>
/// <param name="Training">Trains.</param>
/// <param name="IsHeard">Whether this process speaks to the user: rank 0 alone does.</param>
internal sealed record RankChoice(ITraining Training, bool IsHeard)
{
    /// <summary>Chooses by the command line and by torchrun's environment variables.</summary>
    /// <param name="ranks">The processes to start here; null where the user does not say.</param>
    /// <param name="words">The arguments of processes that are started here.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="OptionsException">The two contradict each other, or a variable does not fit.</exception>
    public static RankChoice Of(int? ranks, IReadOnlyList<string> words, Func<string, string?> variable)
    {
        if (!RankPlace.IsGiven(variable))
        {
            return new RankChoice(
                ranks is > 1 ? new LaunchedTraining(ranks.Value, words) : new ComputedTraining(), true);
        }

        if (ranks is not null)
        {
            throw new OptionsException(
                $"--ranks: must not be given where RANK ({variable("RANK")}) and WORLD_SIZE ({variable("WORLD_SIZE")}) "
                + "give this process its place already; leave it out, or unset them");
        }

        var place = RankPlace.Of(variable);
        return new RankChoice(place.Count == 1 ? new ComputedTraining() : new PlacedTraining(place), place.Rank == 0);
    }
}
