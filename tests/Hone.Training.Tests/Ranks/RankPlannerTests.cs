using Hone.Training.Ranks;

namespace Hone.Training.Tests.Ranks;

public sealed class RankPlannerTests
{
    [Fact]
    public void Each_rank_holds_a_share_of_the_cache_and_the_sums_of_small_gradients()
    {
        using var folder = new TemporaryFolder();
        Tiny.WithAdapter(folder, "lora"); // writes a model of the same vocabulary
        var recipe = Tiny.Grpo(folder, $"grpo.speculation={{kind: draft, path: {folder["base"]}}}");
        var alone = new Trainer(TimeProvider.System).Plan(recipe);

        // weights of 4 MB and 40 bytes share buckets; one of 40 MB is summed where it lies
        var plan = RankPlanner.Divide(alone, recipe, [1_000_000, 10, 10_000_000], ranks: 3, here: 1);

        Assert.Equal((3, 1), (plan.Ranks, plan.Threads));
        Assert.Equal((alone.Memory["cache"] + 2) / 3, plan.Memory["cache"]);
        Assert.Equal(plan.Memory["cache"], plan.Memory["draft model's cache"]);
        Assert.Equal(alone.Memory["draft model"], plan.Memory["draft model"]);
        Assert.Equal(4_000_040, plan.Memory["sums of gradients"]);
        Assert.Equal(alone.Memory["weights"], plan.Memory["weights"]);
    }

    [Fact]
    public void Ranks_of_one_machine_need_no_room_to_send_from()
    {
        using var folder = new TemporaryFolder();
        var recipe = Tiny.Grpo(folder);
        var alone = new Trainer(TimeProvider.System).Plan(recipe);

        var plan = RankPlanner.Divide(alone, recipe, [1_000_000, 10], ranks: 2, here: 2);

        Assert.DoesNotContain("sums of gradients", plan.Memory.Keys);
        Assert.Equal(alone.Memory["gradients"], plan.Memory["gradients"]);
    }

    [Fact]
    public void A_process_alone_plans_as_ever()
    {
        using var folder = new TemporaryFolder();
        var recipe = Tiny.Grpo(folder);
        var alone = new Trainer(TimeProvider.System).Plan(recipe);

        var plan = RankPlanner.Divide(alone, recipe, [10], ranks: 1, here: 1);

        Assert.Equal(1, plan.Ranks);
        Assert.Equal(alone.Memory, plan.Memory);
        Assert.Equal(alone.Warnings, plan.Warnings);
    }

    [Fact]
    public void Processors_are_divided_where_the_recipe_leaves_the_threads_open()
    {
        using var folder = new TemporaryFolder();
        var recipe = Tiny.Sft(folder, "threads=auto");
        var alone = new Trainer(TimeProvider.System).Plan(recipe);

        var plan = RankPlanner.Divide(alone, recipe, [10], ranks: 2, here: 2);

        Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), plan.Threads);
    }

    [Fact]
    public void Ranks_without_work_and_without_a_processor_are_told()
    {
        using var folder = new TemporaryFolder();
        var recipe = Tiny.Sft(folder);
        var alone = new Trainer(TimeProvider.System).Plan(recipe);
        var (many, processors) = (Environment.ProcessorCount + 4, Environment.ProcessorCount);

        var plan = RankPlanner.Divide(alone, recipe, [10], many, many);

        Assert.Equal(
            [
                $"batch.rows_per_step: a step of 3 sequences leaves {many - 3} of {many} ranks without work",
                $"ranks: {many} processes on {processors} processors wait for each other; take {processors} at most",
            ],
            plan.Warnings);
    }
}
