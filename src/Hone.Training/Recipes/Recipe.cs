using Hone.Data;
using Hone.Training.Recipes.Adapters;

namespace Hone.Training.Recipes;

/// <summary>Everything that decides a training run. The same recipe gives the same run.</summary>
public sealed record Recipe
{
    /// <summary>What the recipe is for, in one line; lists of recipes show it.</summary>
    public string Description { get; init; } = "";

    /// <summary>How the model is trained; the method's own options stand in a section of its name.</summary>
    public required MethodOptions Method { get; init; }

    /// <summary>Where every draw of the run begins: the order of data, new weights, what is sampled.</summary>
    [Interval("[0, ∞)")]
    public required long Seed { get; init; }

    /// <summary>
    /// Steps of the run. In sft a step is one update on <c>batch.rows_per_step</c> examples, in dpo on as many pairs;
    /// in grpo one rollout of as many prompts and the updates made on it.
    /// </summary>
    [Interval("[1, ∞)")]
    public required int Steps { get; init; }

    /// <summary>The run folder. It must be empty or absent, unless a run is resumed.</summary>
    [FilePath]
    public required string Output { get; init; }

    /// <summary>The dtype of matrix products; master weights, gradients and losses are float32 in any case.</summary>
    public ComputeChoice Compute { get; init; } = ComputeChoice.Auto;

    /// <summary>What to spare when both cannot be had.</summary>
    public MemoryChoice Memory { get; init; } = MemoryChoice.Normal;

    /// <summary>Threads that compute; <c>auto</c> takes one for each processor. Another number may change the last bits
    /// of results.</summary>
    public ThreadCount Threads { get; init; } = ThreadCount.Auto;

    /// <summary>The model to train: one that exists, or a new one.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>What is trained on the model in place of its own weights; without it these are trained.</summary>
    public AdapterOptions? Adapter { get; init; }

    /// <summary>The rows to train and to evaluate on.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>How much goes into a step, and how much of it is computed at once.</summary>
    public BatchOptions Batch { get; init; } = new();

    /// <summary>How gradients move the weights.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>How the learning rate changes over the run.</summary>
    public ScheduleOptions Schedule { get; init; } = new ConstantScheduleOptions();

    /// <summary>When the model is evaluated on <c>data.eval</c>.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>When the state of the run is saved, and how many of these states are kept.</summary>
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>What is written down of the run.</summary>
    public LoggingOptions Logging { get; init; } = new();

    /// <summary>Updates of a step.</summary>
    internal int UpdatesPerStep => Method is GrpoOptions grpo ? grpo.InnerEpochs * grpo.UpdatesPerEpoch : 1;

    /// <summary>Updates of the run.</summary>
    internal int Updates => Steps * UpdatesPerStep;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (Output.Length == 0)
        {
            yield return "output: must name a folder, got nothing";
        }

        if (Schedule.ShapedSteps is var shaped && shaped > Steps)
        {
            yield return $"schedule: warm-up and decay must fit into the {Steps} steps, they take {shaped}";
        }

        if (Data.Eval is null && Evaluation != new EvaluationOptions())
        {
            yield return "evaluation: must go with data.eval, which is missing";
        }

        if (Evaluation.Weights is not WeightChoice.Compute and var bits && Method is not GrpoOptions)
        {
            yield return "evaluation.weights: must go with a method that samples answers (grpo), got "
                + $"{bits.ToString().ToLowerInvariant()} with {RecipeChoices.NameOf(Method)}";
        }

        if (Model.Config is { } config && config.MaxPositionEmbeddings < Data.MaxLength)
        {
            yield return "data.max_length: must be at most model.config.max_position_embeddings "
                + $"({config.MaxPositionEmbeddings}), got {Data.MaxLength}";
        }

        if (Adapter is not null && Model.Config is not null)
        {
            yield return "adapter: must go with model.path; a new model has nothing to adapt";
        }

        if (Adapter is null && Model.Quantisation != QuantisationChoice.None)
        {
            yield return "model.quantisation: must go with an adapter, which is missing; weights in 4 bits stay as "
                + "they are";
        }

        if (Adapter is AdaLoraOptions adaLora && adaLora.WarmUpUpdates + (long)adaLora.FinalUpdates >= Updates)
        {
            yield return "adapter.warm_up_updates: must leave updates to prune in between the "
                + $"{adaLora.FinalUpdates} final ones and the {Updates} of the run, got {adaLora.WarmUpUpdates}";
        }

        if (Batch.TokensPerMicroBatch < Data.MaxLength)
        {
            yield return "batch.tokens_per_micro_batch: must hold at least one row of data.max_length "
                + $"({Data.MaxLength}), got {Batch.TokensPerMicroBatch}";
        }

        if (Method is GrpoOptions { UpdatesPerEpoch: var updates, GroupSize: var group }
            && Batch.RowsPerStep * (long)group % updates != 0)
        {
            yield return "grpo.updates_per_epoch: must divide the answers of a step "
                + $"({Batch.RowsPerStep} rows_per_step × {group} group_size), got {updates}";
        }

        if (Method is DpoOptions && Data.LongRows == LongExamples.Split)
        {
            yield return "data.long_rows: must not be split with method dpo, whose answers are compared whole; take "
                + "cut_end, leave_out or refuse";
        }

        if (Method is DpoOptions && Batch.TokensPerMicroBatch < 2L * Data.MaxLength)
        {
            yield return "batch.tokens_per_micro_batch: must hold both answers of a pair, twice data.max_length "
                + $"({Data.MaxLength}), got {Batch.TokensPerMicroBatch}";
        }

        if (Method is GrpoOptions grpo && grpo.MaxNewTokens >= Data.MaxLength)
        {
            yield return "grpo.max_new_tokens: must leave room for a prompt in data.max_length "
                + $"({Data.MaxLength}), got {grpo.MaxNewTokens}";
        }
    }
}

/// <summary>The dtype of matrix products.</summary>
public enum ComputeChoice
{
    /// <summary>bfloat16 on processors that multiply it faster than float32, else float32.</summary>
    Auto,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>bfloat16.</summary>
    Bfloat16,
}

/// <summary>Whether time or memory is spared.</summary>
public enum MemoryChoice
{
    /// <summary>Activations are kept from the forward pass to the backward pass, but for what norms and gates give,
    /// which is made again.</summary>
    Normal,

    /// <summary>Only the inputs of the layers are kept; the rest is computed again in the backward pass, for about a
    /// third more time. The result is the same.</summary>
    Low,
}
