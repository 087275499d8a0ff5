using Hone.Models.Configuration;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>Works out what follows from a recipe.</summary>
internal static class TrainingPlanner
{
    /// <summary>The plan of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="config">The model's architecture.</param>
    /// <param name="parameters">The model's weights.</param>
    /// <param name="rows">Rows to train on.</param>
    /// <param name="evaluationRows">Rows to evaluate on.</param>
    /// <param name="compute">The dtype of products.</param>
    public static TrainingPlan Of(
        Recipe recipe, DecoderConfig config, long parameters, long rows, long evaluationRows, ComputeDecision compute)
    {
        var grpo = recipe.Method as GrpoOptions;
        var used = (double)recipe.Steps * recipe.Batch.RowsPerStep;
        return new TrainingPlan
        {
            Method = grpo is null ? "sft" : "grpo",
            Steps = recipe.Steps,
            Parameters = parameters,
            TrainedParameters = parameters,
            Compute = compute.Name,
            ComputeReason = compute.Reason,
            Threads = recipe.Threads.Resolve(),
            Rows = rows,
            EvaluationRows = evaluationRows,
            Epochs = rows == 0 ? 0 : used / rows,
            SequencesPerStep = recipe.Batch.RowsPerStep * (grpo?.GroupSize ?? 1),
            UpdatesPerStep = grpo is null ? 1 : grpo.InnerEpochs * grpo.UpdatesPerEpoch,
            Memory = Memory(recipe, config, parameters, compute),
            Warnings = [.. Warnings(recipe, rows, compute)],
        };
    }

    /// <summary>An estimate of what is held at once, by purpose.</summary>
    private static Dictionary<string, long> Memory(Recipe recipe, DecoderConfig config, long parameters, ComputeDecision compute)
    {
        const int single = sizeof(float);
        var width = compute.DType.ByteSize();
        long tokens = recipe.Batch.TokensPerMicroBatch;

        // A layer keeps for its backward pass: two normed inputs, q, k, v, the attention's output, gate, up and their product.
        var heads = config.Attention.HeadSize * (2L * config.Attention.HeadCount + 2L * config.Attention.KeyValueHeadCount);
        var perToken = config.Layers.Count * ((4L * config.HiddenSize) + heads + (3L * config.FeedForward.InnerSize));
        var memory = new Dictionary<string, long>
        {
            ["weights"] = parameters * single,
            ["gradients"] = parameters * single,
            ["moments"] = recipe.Optimizer.Name == OptimizerName.Adamw8bit
                ? 2 * (parameters + (parameters / CodedMoment.BlockSize * single))
                : 2 * parameters * single,
            ["activations"] = perToken * tokens * width,
        };
        if (width != single)
        {
            memory["weights in the compute dtype"] = parameters * width;
        }

        if (recipe.Method is GrpoOptions grpo)
        {
            var cached = (long)recipe.Batch.RowsPerStep * grpo.GroupSize * grpo.MaxNewTokens;
            memory["cache"] = cached * config.Layers.Count * 2 * config.Attention.KeyValueHeadCount * config.Attention.HeadSize * width;
            if (grpo.KlCoefficient > 0)
            {
                memory["reference"] = parameters * (single + (width == single ? 0 : width));
            }
        }

        return memory;
    }

    private static IEnumerable<string> Warnings(Recipe recipe, long rows, ComputeDecision compute)
    {
        if (compute.DType == DType.BFloat16 && Processor.Detect().FastestComputeDType == DType.Float32)
        {
            yield return "compute: bfloat16 products are several times slower than float32 on this processor; auto would take float32";
        }

        if (rows < recipe.Batch.RowsPerStep)
        {
            yield return $"batch.rows_per_step: a step of {recipe.Batch.RowsPerStep} rows repeats rows, there are only {rows}";
        }
    }
}
