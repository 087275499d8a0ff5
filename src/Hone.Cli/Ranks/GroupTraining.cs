using Hone.Torch;
using Hone.Training;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Cli.Ranks;

/// <summary>The trainer on a rank that has come together with the others.</summary>
internal static class GroupTraining
{
    /// <summary>Trains; when that fails, the other ranks learn why.</summary>
    public static TrainingResult Run(
        ProcessGroup group, LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        try
        {
            return new Trainer(TimeProvider.System, new JoinedRanks(group)).Run(recipe, resume, observer, cancel);
        }
        catch (ProcessGroupException)
        {
            throw; // they know
        }
        catch (Exception fault)
        {
            var words = fault is OptionsException refused ? refused.Problems[0] : fault.Message.ReplaceLineEndings(" ");
            group.ReportFailure($"rank {group.Rank}: {words}");
            throw;
        }
    }
}
