using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Tests.Recorded;

public sealed class RecordedTests
{
    [Fact]
    public void A_step_of_supervised_training_has_the_tokens_that_the_peers_count() =>
        Assert.Equal([1639, 1872, 1268, 1412, 1307, 1229, 1570, 1280, 1205, 1086],
            RecordedSequences.SupervisedTokens().Take(10));

    [Fact]
    public void Sequences_are_96_and_end_with_the_end()
    {
        var sequences = RecordedSequences.Supervised();

        Assert.Equal(96, sequences.Count);
        Assert.All(sequences, ids => Assert.Equal(2, ids[^1]));
        Assert.All(sequences, ids => Assert.All(ids[..^1], id => Assert.InRange(id, 3, 31999)));
    }

    [Fact]
    public void Prompts_are_64_of_64_tokens()
    {
        var prompts = RecordedSequences.Prompts();

        Assert.Equal(64, prompts.Count);
        Assert.All(prompts, ids => Assert.Equal(64, ids.Length));
    }

    [Fact]
    public void The_peers_lines_tell_losses_and_tokens()
    {
        var peers = PeerRecord.Shipped();

        Assert.Equal(10.4044, peers.Losses("P1/L15M", Precisions.Float32)[0], 1e-4);
        Assert.Equal([1_600_654], peers.Tokens("P7/gpt-2/single"));
        Assert.Equal([13_742_540, 13_728_556], peers.Tokens("P7/unigram/batch"));
        Assert.Empty(peers.Losses("P1/none", Precisions.Float32));
    }

    [Fact]
    public void The_best_peer_is_of_the_same_precision_or_of_any()
    {
        var peers = PeerRecord.Shipped();
        var own = Line("P1/L15M", "trainer", "fp32", "tokens/s", 2, 2000);

        Assert.Equal("P1/L15M/torch/handwritten_compiled/fp32", peers.Best(own, samePrecision: true)?.Name);
        Assert.Equal("P1/L15M/torch/handwritten_compiled/bf16", peers.Best(own, samePrecision: false)?.Name);
        Assert.Null(peers.Best(Line("P1/L15M", "trainer", "fp32", "tokens/s", 7, 1), samePrecision: true));
    }

    [Fact]
    public void A_limit_is_compared_with_the_same_one() =>
        Assert.Equal(
            "limits/memory/torch/copy_2t/fp32",
            PeerRecord.Shipped()
                .Best(Line("limits/memory", "copy_2t", "fp32", "GB/s", 2, 1), samePrecision: true)?.Name);

    [Fact]
    public void Machines_are_alike_when_name_instructions_and_products_are()
    {
        var shipped = PeerRecord.Shipped();
        var fp32 =
            """{"model":"AMD EPYC","cores":2,"avx2":"yes","avx512f":"yes","avx512_vnni":"yes","avx512_bf16":"yes","amx":"no","amx_bf16":"no"}""";
        BenchmarkLine[] Machine(double bf16) =>
        [
            Line("limits/gemm2048", "matmul_2t", "fp32", "GFLOP/s", 2, 186, fp32),
            Line("limits/gemm2048", "matmul_2t", "bf16", "GFLOP/s", 2, bf16, fp32),
        ];

        Assert.True(shipped.IsSameMachine(Machine(780)));
        Assert.True(
            shipped.IsSameMachine(
                [.. Machine(780), Line("limits/gemm2048", "matmul_2t", "int8", "GFLOP/s", 2, 900, fp32)]),
            "a limit that the peers' lines do not have says nothing");
        Assert.False(shipped.IsSameMachine(Machine(400)));
        Assert.False(shipped.IsSameMachine([Line("P1/L15M", "trainer", "fp32", "tokens/s", 2, 1)]));
    }

    [Fact]
    public void Machines_are_compared_by_the_limit_that_binds_integers_too()
    {
        var peers = PeerRecord.Parse([.. Limits(("bf16", 400), ("int8", 1000)).Select(line => line.ToString())]);
        var older = PeerRecord.Parse([.. Limits(("bf16", 400)).Select(line => line.ToString())]);
        var here = Limits(("bf16", 200), ("int8", 800));
        foreach (var precision in new[] { "int8", "int4" })
        {
            var own = Line("P4/L110M/b64", "engine", precision, "tokens/s", 2, 1);
            own.Fields["extra"] = new JsonObject { ["limit"] = "products" };

            Assert.Equal(0.8, peers.MachineRatio(here, own)); // 800 of 1000
            Assert.Equal(0.5, older.MachineRatio(here, own)); // 200 of 400: bfloat16 stands for what is not there
        }
    }

    private static BenchmarkLine[] Limits(params (string Precision, double Rate)[] rates) =>
        [.. rates.Select(one => Line("limits/gemm2048", "matmul_2t", one.Precision, "GFLOP/s", 2, one.Rate))];

    private static BenchmarkLine Line(
        string work, string variant, string precision, string metric, int threads, double median, string cpu = "{}") =>
        BenchmarkLine.Parse($$"""
            {"name": "{{work}}/hone/{{variant}}/{{precision}}", "work": "{{work}}", "impl": "hone", "variant": "{{variant}}", "precision": "{{precision}}",
             "metric": "{{metric}}", "better": "{{(metric == "s" ? "lower" : "higher")}}", "threads": {{threads}}, "median": {{median}}, "cpu": {{cpu}}}
            """);
}
