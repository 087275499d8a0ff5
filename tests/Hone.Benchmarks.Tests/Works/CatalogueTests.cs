using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Works;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Tests.Works;

public sealed class CatalogueTests
{
    private static readonly RoundChoice Full = new(Samples.Processor, IsQuick: false, IsEverything: false);

    [Fact]
    public void Names_of_works_are_unique_and_say_what_they_do()
    {
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(work => work.Name).Distinct().Count());
        Assert.All(Catalogue.All, work => Assert.NotEqual("", work.Description));
    }

    [Fact]
    public void A_name_stands_for_all_that_go_on_from_it()
    {
        Assert.Equal(["P1/L15M/fp32", "P1/L15M/bf16"], Names("P1/L15M"));
        Assert.Equal(["P1/L15M/fp32"], Names("p1/l15m/FP32"));
        Assert.Equal(["limits", "P7/gpt-2/batch", "P7/gpt-2/single"], Names("P7/gpt-2/", "limits"));
    }

    [Fact]
    public void P1_is_not_a_beginning_of_P11_nor_of_any_other_word() =>
        Assert.DoesNotContain(Names("P1"), name => !name.StartsWith("P1/", StringComparison.Ordinal));

    [Fact]
    public void Every_name_that_stands_for_nothing_is_refused_with_the_nearest()
    {
        var error = Assert.Throws<OptionsException>(
            () => Catalogue.Select(["P1/L15N", "P3", "optimiser/adamw110M", "zebra"], Full));

        Assert.Equal(
            "hone bench: must be given names of works, P1/L15N is none; did you mean P1/L15M?\n"
            + "hone bench: must be given names of works, optimiser/adamw110M is none; did you mean "
            + "optimizer/adamw110M?\nhone bench: must be given names of works, zebra is none; see `hone bench ls`",
            error.Message);
    }

    [Fact]
    public void A_round_without_names_leaves_out_what_is_not_worth_its_time()
    {
        var full = Catalogue.Select([], Full).Select(work => work.Name).ToList();
        var plain = Catalogue.Select([], Full with { Processor = new ProcessorRecord("", 1, new HashSet<string>()) })
            .Select(work => work.Name).ToList();

        Assert.Contains("P3/L110M/bf16", full);
        Assert.DoesNotContain("P3/L110M/fp32", full);
        Assert.DoesNotContain(
            plain, name => name.EndsWith("bf16", StringComparison.Ordinal) && name != "P4/L110M/b1/bf16");
        Assert.Contains("P3/L110M/fp32", plain);
    }

    [Fact]
    public void The_quick_round_is_a_part_of_the_full_one_and_everything_is_all()
    {
        var full = Catalogue.Select([], Full);
        var quick = Catalogue.Select([], Full with { IsQuick = true });

        Assert.Subset(full.ToHashSet(), quick.ToHashSet());
        Assert.DoesNotContain(quick, work => work.Name.StartsWith("P4/L0.5B", StringComparison.Ordinal));
        Assert.Equal(Catalogue.All, Catalogue.Select([], Full with { IsEverything = true }));
    }

    [Theory]
    [InlineData("P1/L15M/fp32", "P1/L15M", "fp32", "tokens/s", 2)]
    [InlineData("P3/L110M/bf16", "P3/L110M", "bf16", "tokens/s", 2)]
    [InlineData("P4/L110M/b32/bf16", "P4/L110M/b32", "bf16", "tokens/s", 2)]
    [InlineData("P4/L110M/b1/int8", "P4/L110M/b1", "int8", "tokens/s", 2)]
    [InlineData("P4/L0.5B/b8/int4", "P4/L0.5B/b8", "int4", "tokens/s", 2)]
    [InlineData("P4/L110M/prefill512/fp32", "P4/L110M/prefill512", "fp32", "tokens/s", 2)]
    [InlineData("search/L15M/beam16x8/bf16", "search/L15M/beam16x8", "bf16", "tokens/s", 2)]
    [InlineData("P7/qwen2/single", "P7/qwen2/single", "-", "MB/s", 1)]
    [InlineData("P11/L15M/batch8/1x1", "P11/L15M/batch8", "fp32", "tokens/s", 1)]
    [InlineData("P11/L15M/batch8/2x1", "P11/L15M/batch8", "fp32", "tokens/s", 1)]
    [InlineData("optimizer/adamw110M/fp32", "optimizer/adamw110M", "fp32", "s", 2)]
    [InlineData("optimizer/adamw110M/8bit", "optimizer/adamw110M", "int8 states", "s", 2)]
    public void Works_are_called_as_the_peers_call_them(
        string name, string work, string precision, string metric, int threads)
    {
        var subject = Assert.Single(Catalogue.All, one => one.Name == name).Subject(2);

        Assert.Equal((work, precision, metric, threads, metric != "s"),
            (subject.Work, subject.Precision, subject.Metric, subject.Threads, subject.IsHigherBetter));
    }

    [Fact]
    public void Batches_of_texts_take_every_thread_there_is()
    {
        var subject = Assert.Single(Catalogue.All, one => one.Name == "P7/qwen2/batch").Subject(1);

        Assert.Equal(("P7/qwen2/batch/hone/encode_batch/-", "MB/s", Environment.ProcessorCount),
            (subject.Name, subject.Metric, subject.Threads));
    }

    private static IEnumerable<string> Names(params string[] names) =>
        Catalogue.Select(names, Full).Select(work => work.Name);
}
