using Hone.Data;
using Hone.Models;
using Hone.Text;
using Hone.Training.Progress;
using Hone.Training.Ranks;
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
/// <param name="Team">The ranks that divide the work.</param>
internal sealed record TrainingContext(
    Recipe Recipe,
    ModelFolder Model,
    Tokenizer Tokenizer,
    ModelUpdater Updater,
    PhaseClock Clock,
    TimeProvider Time,
    ITrainingObserver Observer,
    RankTeam Team)
{
    /// <summary>The model's weights.</summary>
    public Decoder Decoder => Model.Decoder;

    /// <summary>log π of each target of each example, without gradient; the ranks divide the examples.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="examples">The examples, the same on all ranks.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <param name="cancel">Asks to stop.</param>
    public float[][] LogProbs(
        Decoder decoder, IReadOnlyList<TrainingExample> examples, double temperature, CancellationToken cancel) =>
        Team.Divide(
            RowShares.Of(examples, ModelScorer.RulesFor(decoder, Recipe.Batch.TokensPerMicroBatch), Team.Count),
            share => ModelScorer.LogProbs(
                decoder, [.. share.Select(i => examples[i])], temperature, Recipe.Batch.TokensPerMicroBatch, cancel),
            RankCodec.Write,
            RankCodec.ReadFloats,
            cancel);

    /// <summary>How many of the rows to evaluate on are used.</summary>
    /// <param name="all">How many there are.</param>
    public int EvaluationRows(int all) => Recipe.Evaluation.Rows is var limit and > 0 ? Math.Min(limit, all) : all;

    /// <summary>An example as a run shows what it is trained on.</summary>
    public TrainingSample Sample(int step, TrainingExample example)
    {
        var start = Array.IndexOf(example.Trained, true);
        return new TrainingSample(
            step,
            Tokenizer.Decode(example.Tokens.AsSpan(0, start), skipSpecialTokens: false),
            Tokenizer.Decode(example.Tokens.AsSpan(start), skipSpecialTokens: false),
            new Dictionary<string, double?>(),
            Reward: null,
            Advantage: null);
    }

    /// <summary>Every token that ends an answer, by the model's files and by its tokenizer's.</summary>
    public int[] StopTokens =>
        [.. Model.Generation.StopTokens.Concat(Tokenizer.EosId is { } end ? [end] : []).Distinct()];
}
