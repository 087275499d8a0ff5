using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>Works out what follows from a recipe.</summary>
internal static class TrainingPlanner
{
    /// <summary>The plan of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="config">The model's architecture.</param>
    /// <param name="weights">The model's weights and those that are trained.</param>
    /// <param name="rows">Rows to train on.</param>
    /// <param name="evaluationRows">Rows to evaluate on.</param>
    /// <param name="compute">The dtype of products.</param>
    public static TrainingPlan Of(
        Recipe recipe,
        DecoderConfig config,
        WeightCounts weights,
        long rows,
        long evaluationRows,
        ComputeDecision compute)
    {
        var used = (double)recipe.Steps * recipe.Batch.RowsPerStep;
        return new TrainingPlan
        {
            Method = RecipeChoices.NameOf(recipe.Method),
            Steps = recipe.Steps,
            Parameters = weights.All,
            TrainedParameters = weights.Trained,
            Compute = compute.Name,
            ComputeReason = compute.Reason,
            Generation = GenerationPath.Of(
                config,
                compute.DType,
                weights.IsAdapter ? weights.Obstacles : null,
                coded: weights.Coded.Weights > 0),
            Evaluation = recipe.Evaluation.Weights == WeightChoice.Compute
                ? null
                : GenerationPath.Of(
                    config,
                    compute.DType,
                    weights.IsAdapter ? weights.Obstacles : null,
                    coded: weights.Coded.Weights > 0,
                    RolloutSampler.ToWeights(recipe.Evaluation.Weights)),
            Threads = recipe.Threads.Resolve(),
            Rows = rows,
            EvaluationRows = evaluationRows,
            Epochs = rows == 0 ? 0 : used / rows,
            SequencesPerStep = recipe.Batch.RowsPerStep * recipe.Method switch
            {
                GrpoOptions { GroupSize: var group } => group,
                DpoOptions => 2,
                _ => 1,
            },
            UpdatesPerStep = recipe.UpdatesPerStep,
            Memory = Memory(recipe, config, weights, compute),
            Warnings = [.. Warnings(recipe, rows, compute)],
        };
    }

    /// <summary>An estimate of what is held at once, by purpose.</summary>
    private static Dictionary<string, long> Memory(
        Recipe recipe, DecoderConfig config, WeightCounts weights, ComputeDecision compute)
    {
        const int single = sizeof(float);
        var width = compute.DType.ByteSize();
        long tokens = recipe.Batch.TokensPerMicroBatch;

        // A layer keeps for its backward pass: its two inputs and what their norms make of them, q, k, v, the
        // attention's output, gate, up and their product. What an RMSNorm or a SwiGLU gave is made again instead, but
        // where an adapter's own products keep it. With recomputation it keeps its input, and all of that is there for
        // one layer at a time.
        var keepsNormed = weights.IsAdapter || config.Norm.Kind == NormKind.Layer;
        var keepsGated =
            weights.IsAdapter || config.FeedForward is not { Gated: true, Activation: Activation.Silu };
        var heads = config.Attention.HeadSize * (
            2L * config.Attention.HeadCount + 2L * config.Attention.KeyValueHeadCount);
        var ofLayer = ((keepsNormed ? 4L : 2) * config.HiddenSize) + heads
            + ((keepsGated ? 3L : 2) * config.FeedForward.InnerSize);
        var perToken = recipe.Memory == MemoryChoice.Low
            ? (config.Layers.Count * (long)config.HiddenSize) + ofLayer
            : config.Layers.Count * ofLayer;
        var memory = new Dictionary<string, long>
        {
            ["weights"] = weights.Coded.Bytes
                + ((weights.All - weights.Coded.Weights) * (weights.IsAdapter ? width : single)),
            ["gradients"] = weights.Trained * single,
            ["moments"] = recipe.Optimizer.Name == OptimizerName.Adamw8bit
                ? 2 * (weights.Trained + (weights.Trained / CodedMoment.BlockSize * single))
                : 2 * weights.Trained * single,
            ["activations"] = perToken * tokens * width,
        };
        if (weights.Coded.Weights > 0)
        {
            memory["a matrix out of 4 bits"] = weights.Coded.Largest * width;
        }

        if (weights.IsAdapter)
        {
            memory["adapter"] = weights.Trained * single;
        }
        else if (width != single)
        {
            memory["weights in the compute dtype"] = weights.All * width;
        }

        if (recipe.Method is GrpoOptions grpo)
        {
            var cached = (long)recipe.Batch.RowsPerStep * grpo.GroupSize * grpo.MaxNewTokens;
            memory["cache"] = cached * CacheBytes(config, compute.DType);
            if (weights.Draft is { } draft && grpo.Speculation is DraftSpeculationOptions { Weights: var kept })
            {
                // It is packed once and stays so, beside its weights.
                var path = GenerationPath.Of(draft.Config, compute.DType, weights: RolloutSampler.ToWeights(kept));
                memory["draft model"] = draft.Bytes + path.PackBytes;
                memory[TrainingPlan.DraftCache] = cached * CacheBytes(draft.Config, compute.DType);
            }

            if (grpo.KlCoefficient > 0 && !weights.IsAdapter)
            {
                memory["reference"] = weights.All * (single + (width == single ? 0 : width));
            }
        }

        return memory;
    }

    // Of the keys and values that one token leaves behind.
    private static long CacheBytes(DecoderConfig config, DType compute) => 2L * config.Layers.Count
        * config.Attention.KeyValueHeadCount * config.Attention.HeadSize * compute.ByteSize();

    private static IEnumerable<string> Warnings(Recipe recipe, long rows, ComputeDecision compute)
    {
        if (compute.DType == DType.BFloat16 && Processor.Detect().FastestComputeDType == DType.Float32)
        {
            yield return "compute: bfloat16 products are several times slower than float32 on this processor; "
                + "auto would take float32";
        }

        if (rows < recipe.Batch.RowsPerStep)
        {
            yield return $"batch.rows_per_step: a step of {recipe.Batch.RowsPerStep} rows repeats rows, there are only "
                + $"{rows}";
        }
    }
}
