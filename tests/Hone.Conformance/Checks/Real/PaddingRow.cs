using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checks.Trajectories;
using Hone.Data;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Real;

/// <summary>What the reference leaves out of the gradient of its embedding.</summary>
/// <remarks>
/// Departure, on purpose: transformers hands <c>pad_token_id</c> to the embedding, which then gives that row no
/// gradient for standing among the inputs. Here the padding token is also the one that ends a turn, which is text to
/// learn from: at step 0 the embedding's gradient is 2.78149 there and 2.78524 here. The check takes the same part
/// away, so that all that follows can be held to the record's own tolerances.
/// </remarks>
internal static class PaddingRow
{
    private const string Embedding = "model.embed_tokens";
    private const int Padding = 2;

    /// <summary>The gradient that the row has for standing among the inputs, <c>[hidden]</c>; belongs to the scope that
    /// is open.</summary>
    public static Tensor Gradient(TrainingRun run, IReadOnlyList<TrainingExample> examples)
    {
        using var scope = TensorScope.Open();
        var decoder = run.Decoder;
        decoder.SetTrainable(false);
        var config = new LoraConfig
        {
            Rank = 1,
            Targets = ModuleTargets.Of("layers.0.self_attn.q_proj"),
            ModulesToSave = ["embed_tokens"],
        };

        // An embedding of the inputs' own, beside the head's.
        using var apart = Adapter.Create(decoder, config, seed: 0);
        apart.SetTrainable(true);
        using (decoder.Adapters.With(new AdapterCombination(new WeightedAdapter(apart))))
        {
            using var optimizer = new OptimizerState(apart.Parameters, new Adam(), clipNorm: 0);
            new ModelUpdater(decoder, optimizer, tokensPerMicroBatch: 1 << 20).Accumulate(
                examples,
                new SftObjective(new SftOptions()),
                ModelUpdater.CountsOf(examples),
                new MetricSet(),
                CancellationToken.None);
        }

        decoder.SetTrainable(true);
        var gradient = apart.Parameters[$"base_model.model.{Embedding}.weight"].Grad!;
        return scope.Keep(gradient.Select(0, Padding).Clone());
    }

    /// <summary>Takes it off the gradient that was accumulated.</summary>
    public static void Remove(TrainingRun run, Tensor gradient)
    {
        using var noGrad = Autograd.NoGrad();
        run.Weights[$"{Embedding}.weight"].Grad!.Select(0, Padding).AddInPlace(-gradient);
    }
}
