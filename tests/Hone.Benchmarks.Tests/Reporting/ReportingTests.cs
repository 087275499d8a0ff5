using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Recorded;
using Hone.Benchmarks.Reporting;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Tests.Reporting;

public sealed class ReportingTests
{
    [Theory]
    [InlineData("tokens/s", 2210.4, "2,210 (2,000…2,500) tokens/s")]
    [InlineData("s", 0.04828, "48.28 (40…50) ms")]
    public void Figures_have_four_digits_and_their_ends(string metric, double median, string expected) =>
        Assert.Equal(expected,
            Figures.Of(Line("P1/L15M", metric, median, metric == "s" ? 0.04 : 2000, metric == "s" ? 0.05 : 2500)));

    [Theory]
    [InlineData(1.5, "1.5 s")]
    [InlineData(0.0005, "500 µs")]
    [InlineData(9.5e-7, "950 ns")]
    public void Seconds_stand_in_the_unit_that_reads_best(double seconds, string expected) =>
        Assert.Equal(expected, Figures.MedianOf(Line("start-up/plan", "s", seconds, seconds, seconds)));

    [Fact]
    public void A_ratio_above_one_is_better_whatever_is_better()
    {
        Assert.Equal("2.00x", Figures.RatioOf(Line("a", "tokens/s", 200, 1, 1), Line("a", "tokens/s", 100, 1, 1)));
        Assert.Equal("2.00x", Figures.RatioOf(Line("a", "s", 1, 1, 1), Line("a", "s", 2, 1, 1)));
        Assert.Equal("-", Figures.RatioOf(Line("a", "s", 1, 1, 1), null));
    }

    [Fact]
    public void A_row_says_the_share_of_the_limit_and_what_is_wrong()
    {
        var line = Line("P1/L15M", "tokens/s", 2210, 2000, 2500);
        line.Fields["others_cpu"] = 0.5;
        line.Fields["extra"] = new JsonObject
        {
            ["share_of_limit"] = 0.684,
            ["limit"] = "products",
            ["share_of_shapes"] = 0.72,
            ["check"] = "losses differ by: 1e-3, at most 1e-4",
            ["check_holds"] = false,
        };

        Assert.Equal(
            """
            P1/L15M trainer                              fp32            2  2,210 (2,000…2,500) tokens/s             68 % of products, 72 % of the shapes         852 MiB  WRONG
                wrong: losses differ by: 1e-3, at most 1e-4
                not quiet: others used 50 % of the processors
            """.ReplaceLineEndings("\n"),
            TextRow.Of(line));
    }

    [Fact]
    public void Cycles_a_byte_stand_beside_the_share()
    {
        var line = Line("P7/gpt-2/single", "MB/s", 100, 90, 110);
        line.Fields["extra"] =
            new JsonObject { ["share_of_limit"] = 0.004, ["limit"] = "memory", ["cycles_per_byte"] = 26.04 };

        Assert.Equal("0.4 % of memory, 26.04 cycles a byte", Figures.ShareOf(line));
        line.Fields["extra"] = new JsonObject { ["cycles_per_byte"] = 26.04 };
        Assert.Equal("26.04 cycles a byte", Figures.ShareOf(line));
    }

    [Fact]
    public void What_a_search_spares_stands_beside_the_share()
    {
        var line = Line("search/L15M/beam16x8", "tokens/s", 100, 90, 110);
        line.Fields["extra"] =
            new JsonObject { ["share_of_limit"] = 0.7, ["limit"] = "memory", ["times_fewer"] = 8.59 };

        Assert.Equal("70 % of memory, 8.59 times fewer tokens by sharing", Figures.ShareOf(line));
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(30.0, "0.50x")] // 60 cycles a byte here, 30 there
    public void Tokenizers_of_two_machines_are_compared_by_cycles_where_both_say_them(double? cycles, string ratio)
    {
        var peer = Peer("P7/gpt-2/single", "gigatoken", 100, metric: "MB/s");
        peer.Fields["extra"] = new JsonObject { ["cycles_per_byte"] = cycles };
        var own = Line("P7/gpt-2/single", "MB/s", 60, 55, 65);
        own.Fields["extra"] = new JsonObject { ["cycles_per_byte"] = 60.0 };

        var page = new MarkdownReport(PeerRecord.Parse([Limit(100, "torch").ToString(), peer.ToString()]))
            .Of([Limit(200, "hone"), own]);

        Assert.Contains(
            $"| gigatoken handwritten fp32: 100 MB/s | {ratio} | gigatoken handwritten fp32: 100 MB/s | {ratio} |",
            page,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_set_our_figures_beside_the_best_peer_by_shares_where_machines_differ()
    {
        var peers = PeerRecord.Parse(
        [
            Limit(100, "torch").ToString(),
            Peer("P1/L15M", "torch", 50).ToString(),
        ]);
        var own = Line("P1/L15M", "tokens/s", 60, 55, 65);
        own.Fields["extra"] = new JsonObject { ["share_of_limit"] = 0.6, ["limit"] = "products" };

        // 60 against 50 on a machine of the double rate: 0.6 of what the peer would reach here.
        Assert.Equal(
            """
            Measured 2026-02-03T04:05:06Z on Test CPU, 4 cores (avx2); hone 1.2.3.

            ### Supervised fine-tuning

            | work | precision | threads | median (min…max) | share of the limit | peak MiB | best peer, same precision | ratio of shares | best peer | ratio of shares |
            |---|---|---|---|---|---|---|---|---|---|
            | `P1/L15M` trainer | fp32 | 2 | 60 (55…65) tokens/s | 60 % of products | 852 | torch handwritten fp32: 50 tokens/s | 0.60x | torch handwritten fp32: 50 tokens/s | 0.60x |

            ### Limits of the machine

            | work | precision | threads | median (min…max) | share of the limit | peak MiB |
            |---|---|---|---|---|---|
            | `limits/gemm2048` matmul_2t | fp32 | 2 | 200 (200…200) GFLOP/s |  | 852 |

            ### Products in the shapes of the models

            | rows x inner x columns | precision | threads | median (min…max) | share of 2048 x 2048 |
            |---|---|---|---|---|
            | forward 8x2x3 | fp32 | 2 | 150 (150…150) GFLOP/s | 0.75x |

            """.ReplaceLineEndings("\n"),
            new MarkdownReport(peers).Of(
                [Limit(200, "hone"), Peer("limits/matmul/forward 8x2x3", "hone", 150, "mm_2t", "GFLOP/s"), own]));
    }

    [Fact]
    public void Figures_of_a_machine_that_was_not_quiet_are_called_provisional()
    {
        var line = Line("P1/L15M", "tokens/s", 60, 55, 65);
        line.Fields["others_cpu"] = 0.31;

        Assert.Contains(
            "**Not quiet:** during 1 of 1 measurements other programs used more than 5 % of the processors (up to 31 "
                + "%). These figures are provisional.",
            new MarkdownReport(PeerRecord.Parse([])).Of([line]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_say_when_cpu_seconds_were_counted()
    {
        var line = Line("P1/L15M", "tokens/s", 60, 55, 65);
        line.Fields["clock"] = "cpu";

        Assert.Contains(
            "\nSeconds are CPU seconds of the process (`--clock cpu`), start-up aside.\n",
            new MarkdownReport(PeerRecord.Parse([])).Of([line]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_is_written_between_its_marks() => Assert.Equal(
        $"before\n{DocumentSection.Begin}\n\nnew\n\n{DocumentSection.End}\nafter\n",
        DocumentSection.Replace(
            $"before\n{DocumentSection.Begin}\nold\n{DocumentSection.End}\nafter\n", "page.md", "new\n"));

    [Fact]
    public void A_document_without_marks_is_refused() => Assert.Equal(
        $"page.md: must have the lines {DocumentSection.Begin} and {DocumentSection.End}, the table goes between "
            + "them; add them",
        Assert.Throws<OptionsException>(() => DocumentSection.Replace("nothing", "page.md", "new")).Message);

    private static BenchmarkLine Limit(double rate, string program) =>
        Peer("limits/gemm2048", program, rate, "matmul_2t", "GFLOP/s");

    private static BenchmarkLine Line(string work, string metric, double median, double min, double max)
    {
        var line = Peer(work, "hone", median, "trainer", metric);
        (line.Fields["min"], line.Fields["max"]) = (min, max);
        return line;
    }

    private static BenchmarkLine Peer(
        string work, string program, double median, string variant = "handwritten", string metric = "tokens/s") =>
        new(new JsonObject
        {
            ["name"] = $"{work}/{program}/{variant}/fp32",
            ["work"] = work,
            ["impl"] = program,
            ["variant"] = variant,
            ["precision"] = "fp32",
            ["metric"] = metric,
            ["better"] = metric == "s" ? "lower" : "higher",
            ["threads"] = 2,
            ["cpu"] = new JsonObject { ["model"] = "Test CPU", ["cores"] = 4, ["avx2"] = "yes", ["amx"] = "no" },
            ["started"] = "2026-02-03T04:05:06Z",
            ["median"] = median,
            ["min"] = median,
            ["max"] = median,
            ["peak_rss_mb"] = 852,
            ["versions"] = new JsonObject { ["hone"] = "1.2.3" },
        });
}
