using Hone.Models;
using Hone.Text;
using Hone.Training.Progress;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Methods;

/// <summary>What every method works with.</summary>
/// <param name="Recipe">The run's recipe.</param>
/// <param name="Model">The model that is trained.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Updater">Moves its weights.</param>
/// <param name="Clock">Where the time goes.</param>
/// <param name="Time">The clock of deadlines.</param>
/// <param name="Observer">Who is told.</param>
internal sealed record TrainingContext(
    Recipe Recipe,
    ModelFolder Model,
    Tokenizer Tokenizer,
    ModelUpdater Updater,
    PhaseClock Clock,
    TimeProvider Time,
    ITrainingObserver Observer)
{
    /// <summary>The model's weights.</summary>
    public Decoder Decoder => Model.Decoder;

    /// <summary>Every token that ends an answer, by the model's files and by its tokenizer's.</summary>
    public int[] StopTokens => [.. Model.Generation.StopTokens.Concat(Tokenizer.EosId is { } end ? [end] : []).Distinct()];
}
