using Hone.Conformance.Goldens;

namespace Hone.Conformance.Tests;

/// <summary>How index entries become cases; the rules are in the goldens' own README.</summary>
public sealed class GoldenAreaTests
{
    [Fact]
    public void A_name_finds_its_line_where_the_index_has_no_lines()
    {
        using var goldens = new GoldenFolder()
            .With("rl/losses/x.jsonl", """
                {"name": "a", "op": "trl.grpo.loss"}
                {"name": "b", "op": "trl.rloo.loss"}
                """);

        var golden = Assert.Single(Area(goldens, "rl").Resolve(new GoldenEntry("b", "losses/x.jsonl", null)));

        Assert.Equal("trl.rloo.loss", golden.Kind);
    }

    [Fact]
    public void A_slash_parts_the_file_from_the_record()
    {
        using var goldens = new GoldenFolder()
            .With("optimizers/clipping.json", """{"cases": [{"name": "zero.max1", "kind": "clip_grad_norm_"}]}""");

        var golden = Assert.Single(
            Area(goldens, "optimizers").Resolve(new GoldenEntry("clipping/zero.max1", "clipping.json", null)));

        Assert.Equal("clipping:clip_grad_norm_", golden.Kind);
        Assert.NotNull(golden.File.Find("cases"));
    }

    [Fact]
    public void A_whole_file_of_lists_has_a_case_for_each_record()
    {
        using var goldens = new GoldenFolder()
            .With("optimizers/schedules.json", """{"what": "x", "schedules": [{"name": "a"}, {"name": "b"}]}""");

        var cases = Area(goldens, "optimizers").Resolve(new GoldenEntry("schedules", "schedules.json", null));

        Assert.Equal(["schedules/schedules#1", "schedules/schedules#2"], cases.Select(golden => golden.Name));
        Assert.All(cases, golden => Assert.Equal("schedules/schedules", golden.Kind));
    }

    [Fact]
    public void A_file_of_lines_has_a_case_for_each_line()
    {
        using var goldens = new GoldenFolder().With("tokenizers/real/gpt-2.jsonl", "{}\n{}\n");

        var cases = Area(goldens, "tokenizers").Resolve(new GoldenEntry("gpt-2", "real/gpt-2.jsonl", null));

        Assert.Equal(["gpt-2#1", "gpt-2#2"], cases.Select(golden => golden.Name));
        Assert.All(cases, golden => Assert.Equal("real/gpt-2", golden.Kind));
    }

    [Fact]
    public void A_folder_means_its_case_file_and_paths_are_relative_to_it()
    {
        using var goldens = new GoldenFolder()
            .With("models/checkpoints/tiny/case.json", """{"name": "tiny", "family": "llama"}""");

        var golden = Assert.Single(
            Area(goldens, "models").Resolve(new GoldenEntry("tiny", "checkpoints/tiny", null)));

        Assert.Equal("checkpoints:llama", golden.Kind);
        Assert.Equal(
            Path.Combine(goldens.Path, "models", "checkpoints", "tiny", "model.safetensors"),
            golden.Beside("model.safetensors"));
    }

    [Fact]
    public void A_line_must_bear_the_name_of_its_entry()
    {
        using var goldens = new GoldenFolder().With("preference/x.jsonl", """{"name": "other"}""");

        var error = Assert.Throws<GoldenException>(
            () => Area(goldens, "preference").Resolve(new GoldenEntry("a", "x.jsonl", 1)));

        Assert.EndsWith(
            "x.jsonl:1: the index calls this record \"a\", its name is \"other\"",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fixtures_are_searched_in_order()
    {
        using var goldens = new GoldenFolder().With("second/models/tiny/config.json", "{}");
        var folders = new GoldenFolders(
            goldens.Path, [Path.Combine(goldens.Path, "first"), Path.Combine(goldens.Path, "second")]);

        Assert.Equal(Path.Combine(goldens.Path, "second", "models/tiny"), folders.Fixture("models/tiny"));
        Assert.Throws<GoldenException>(() => folders.Fixture("models/other"));
    }

    private static GoldenArea Area(GoldenFolder goldens, string name) =>
        new(name, new GoldenFolders(Path.Combine(goldens.Path, name), []));
}
