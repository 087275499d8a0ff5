using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

public sealed class TrainingPlannerTests
{
    private static readonly ComputeDecision Single = new(DType.Float32, "the recipe says so");

    private static readonly ComputeDecision Half = new(DType.BFloat16, "the recipe says so");

    [Fact]
    public void A_supervised_step_is_one_update_on_its_rows()
    {
        using var folder = new TemporaryFolder();

        var plan = Plan(Tiny.Sft(folder), rows: 7, Single);

        Assert.Equal(("sft", 5, 1000, 1000), (plan.Method, plan.Steps, plan.Parameters, plan.TrainedParameters));
        Assert.Equal(("float32", "the recipe says so", 1), (plan.Compute, plan.ComputeReason, plan.Threads));
        Assert.Equal((7, 2), (plan.Rows, plan.EvaluationRows));
        Assert.Equal((3, 1), (plan.SequencesPerStep, plan.UpdatesPerStep));
        Assert.Equal(15 / 7.0, plan.Epochs, 1e-12); // 5 steps of 3 rows
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void It_says_how_the_model_generates()
    {
        using var folder = new TemporaryFolder();
        var config = RecipeModel.Config(Tiny.Sft(folder).Model.Config!, Tiny.Vocabulary);

        var plain = Generation(config, isAdapter: false);
        var adapted = Generation(config, isAdapter: true);
        var other = Generation(config, isAdapter: true, obstacle: "adapter stands behind halves of layers");
        var coded = Generation(config, isAdapter: true, new CodedCounts(900, 500, 100), "adapter is odd");
        var uncovered = Generation(config with { Residual = ResidualKind.Parallel }, isAdapter: false);

        Assert.True(plain.IsFused);
        Assert.Equal(
            plain with
            {
                Reason = "fused step with the adapter in it; bits do not depend on the batch, its size, chunks or "
                    + "threads",
            },
            adapted);
        Assert.Equal(
            new GenerationPath(
                false,
                "composed of operators, since its adapter stands behind halves of layers; bits may depend on the "
                    + "batch"),
            other);
        Assert.Equal(
            "composed of operators, since its adapter is odd and its weights are kept in 4 bits; "
            + "bits may depend on the batch",
            coded.Reason);
        Assert.Equal(
            new GenerationPath(
                false, "composed of operators, since its halves of a layer run side by side; bits may depend on the "
                    + "batch"),
            uncovered);

        GenerationPath Generation(
            DecoderConfig config, bool isAdapter, CodedCounts? coded = null, string? obstacle = null)
        {
            var weights = new WeightCounts(1000, 10, isAdapter)
            {
                Coded = coded ?? new CodedCounts(0, 0, 0),
                Obstacles = obstacle is null ? [] : [obstacle],
            };
            return TrainingPlanner.Of(Tiny.Sft(folder), config, weights, 7, 2, Single).Generation;
        }
    }

    [Fact]
    public void A_step_of_grpo_trains_on_every_answer_in_each_pass()
    {
        using var folder = new TemporaryFolder();

        var plan = Plan(Tiny.Grpo(folder, "grpo.updates_per_epoch=4"), rows: 5, Single);

        // 2 rows × 4 answers; 2 passes × 4
        Assert.Equal(("grpo", 8, 8), (plan.Method, plan.SequencesPerStep, plan.UpdatesPerStep));
        Assert.Equal(8 / 5.0, plan.Epochs, 1e-12); // 4 steps of 2 prompts
    }

    /// <summary>A token keeps the inputs of both layers, 2·16 numbers, and the 128 of one layer at a time.</summary>
    [Fact]
    public void Memory_is_less_where_layers_are_computed_again()
    {
        using var folder = new TemporaryFolder();

        var plan = Plan(Tiny.Sft(folder, "memory=low"), rows: 7, Single);

        Assert.Equal(20_480, plan.Memory["activations"]); // 160 × 32 tokens × 4
    }

    [Fact]
    public void A_step_of_dpo_trains_on_both_answers_of_its_pairs()
    {
        using var folder = new TemporaryFolder();

        var plan = Plan(Tiny.Dpo(folder), rows: 5, Single);

        Assert.Equal(("dpo", 4, 1), (plan.Method, plan.SequencesPerStep, plan.UpdatesPerStep));
    }

    /// <summary>A token of a layer keeps 2·16 (hidden) + 4·(2·4 + 2·2) (heads) + 2·24 (inner) = 128 numbers, of both
    /// layers 256.</summary>
    [Fact]
    public void Memory_is_counted_by_purpose()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["weights"] = 4000, // 1000 × 4 bytes
                ["gradients"] = 4000,
                ["moments"] = 8000,
                ["activations"] = 32_768, // 256 × 32 tokens × 4
            },
            Plan(Tiny.Sft(folder), rows: 7, Single).Memory);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["weights"] = 4000,
                ["gradients"] = 4000,
                ["moments"] = 8000,
                ["activations"] = 16_384,
                ["weights in the compute dtype"] = 2000,
            },
            Plan(Tiny.Sft(folder), rows: 7, Half).Memory);
    }

    /// <summary>800 of 1000 weights in 450 bytes; one matrix of 384 of them is made of numbers for a product.</summary>
    [Fact]
    public void Weights_in_four_bits_count_as_what_they_take()
    {
        using var folder = new TemporaryFolder();
        var counts = new WeightCounts(1000, 100, IsAdapter: true) { Coded = new CodedCounts(800, 450, 384) };

        var memory = Plan(Tiny.Sft(folder), rows: 7, Half, counts).Memory;

        Assert.Equal((200 * 2) + 450, memory["weights"]);
        Assert.Equal(384 * 2, memory["a matrix out of 4 bits"]);
        Assert.Equal(23_552, memory["activations"]); // an adapter keeps 4·16 + 48 + 3·24 = 184: 368 × 32 tokens × 2
        Assert.DoesNotContain("a matrix out of 4 bits", Plan(Tiny.Sft(folder), rows: 7, Half).Memory.Keys);
    }

    [Fact]
    public void Grpo_holds_a_cache_and_where_it_has_one_a_reference()
    {
        using var folder = new TemporaryFolder();

        var memory = Plan(Tiny.Grpo(folder), rows: 5, Half).Memory;

        // 2 × 4 answers × 8 tokens, each 2 layers × 2 (k, v) × 2 heads × 4 numbers × 2 bytes
        Assert.Equal(4096, memory["cache"]);
        Assert.Equal(6000, memory["reference"]); // in both dtypes
        Assert.False(Plan(Tiny.Grpo(folder, "grpo.kl_coefficient=0"), rows: 5, Half).Memory.ContainsKey("reference"));
    }

    [Fact]
    public void It_says_how_an_evaluation_in_few_bits_generates_and_how_large_the_packs_are()
    {
        using var folder = new TemporaryFolder();
        var plain = Plan(Tiny.Grpo(folder), rows: 5, Single);
        var coded = Plan(
            Tiny.Grpo(folder, $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.weights=int8"), 5, Single);

        // In panels of 32 outputs and blocks of 32 inputs: of a layer queries, keys and values 16 + 2 · 8 from 16,
        // output 16 from 16, gate and up 24 from 16, down 16 from 24, each 32 · 32 · 4 bytes; two layers and the head.
        Assert.Equal(((2 * 5) + 1) * 32 * 32 * 4, plain.Generation.PackBytes);
        Assert.Null(plain.Evaluation);
        Assert.Equal(((2 * 5) + 1) * 32 * 130, coded.Evaluation!.PackBytes);
        Assert.Equal(
            "fused step with weights in 8 bits; bits do not depend on the batch, its size, chunks or threads",
            coded.Evaluation.Reason);
    }

    [Fact]
    public void It_says_which_adapters_an_evaluation_in_few_bits_covers()
    {
        using var folder = new TemporaryFolder();
        GenerationPath Evaluation(params string[] obstacles) => Plan(
            Tiny.Grpo(folder, $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.weights=int4"), 5, Single,
            new WeightCounts(1000, 10, IsAdapter: true) { Obstacles = obstacles }).Evaluation!;

        Assert.Equal(
            (true, "fused step with weights in 4 bits and the adapter in it; bits do not depend on the batch, its "
                + "size, chunks or threads"),
            (Evaluation().IsFused, Evaluation().Reason));
        Assert.Equal(
            new GenerationPath(
                false,
                "weights in 4 bits need the fused step, which does not cover the model, since its adapter is odd; take "
                    + "\"compute\""),
            Evaluation("adapter is odd"));
    }

    [Fact]
    public void A_model_that_drafts_is_held_with_its_packed_weights_and_its_cache()
    {
        using var folder = new TemporaryFolder();
        var config = RecipeModel.Config(Tiny.Sft(folder).Model.Config!, Tiny.Vocabulary);
        var counts = new WeightCounts(1000, 1000, IsAdapter: false)
        {
            Draft = new DraftCounts(config with { Layers = [config.Layers[0]] }, Bytes: 700),
        };

        var memory = Plan(
            Tiny.Grpo(folder, "grpo.speculation={kind: draft, path: small, weights: int8}"), 5, Half, counts).Memory;

        // Packed: 5 panels of 32 outputs by 1 block of 130 bytes in the layer, and the head's. A token leaves the half
        // of what it leaves in the two layers of the model that is trained.
        Assert.Equal(700 + ((5 + 1) * 32 * 130), memory["draft model"]);
        Assert.Equal((4096, 2048), (memory["cache"], memory["draft model's cache"]));
        Assert.DoesNotContain("draft model", Plan(Tiny.Grpo(folder), rows: 5, Half).Memory.Keys);
    }

    [Fact]
    public void A_step_of_more_rows_than_there_are_is_told()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            ["batch.rows_per_step: a step of 3 rows repeats rows, there are only 2"],
            Plan(Tiny.Sft(folder), rows: 2, Single).Warnings);
    }

    private static TrainingPlan Plan(Recipe recipe, long rows, ComputeDecision compute, WeightCounts? counts = null)
    {
        var config = RecipeModel.Config(recipe.Model.Config!, Tiny.Vocabulary);
        counts ??= new WeightCounts(1000, 1000, IsAdapter: false);
        return TrainingPlanner.Of(recipe, config, counts, rows, evaluationRows: 2, compute);
    }
}
