using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Benchmarks.Works;
using Hone.Models;
using Hone.Search;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Tests.Works;

/// <summary>Works with a model of one layer, on the engine itself.</summary>
public sealed class WorksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Supervised_training_counts_every_token_of_its_steps()
    {
        var found = Run(new SupervisedWork(Samples.Tiny, Precisions.Float32));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P1/Tiny/hone/trainer/fp32", found.Subject.Name);
        Assert.Equal([1639, 1872, 1268, 1412], found.Extra["tokens"]!.AsArray().Select(tokens => (int)tokens!));
        Assert.Equal(4, found.Extra["losses"]!.AsArray().Count);
        Assert.Equal(2, found.Samples.Count);

        // A repetition is tokens over the seconds of its step, after two steps of warm-up.
        var seconds = found.Extra["step_seconds"]!.AsArray().Select(step => (double)step!).ToArray();
        Assert.Equal(1268 / seconds[2], found.Samples[0], 0.02 * found.Samples[0]);
        Assert.Equal(found.Samples.Average(), found.UnitsPerSecond, 1e-6 * found.UnitsPerSecond);
        Assert.NotNull(found.PeakBytes);
    }

    [Theory]
    [InlineData(DpoReference.Precomputed, "precomputed")]
    [InlineData(DpoReference.EachStep, "reference_each_step")]
    public void Preference_training_counts_a_prompt_twice_however_often_it_is_computed(
        DpoReference reference, string variant)
    {
        var found = Run(new PreferenceWork(Samples.Tiny, Precisions.Float32, reference));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal($"P2/Tiny/hone/{variant}/fp32", found.Subject.Name);
        Assert.Equal([1544, 1554, 1631, 1111], found.Extra["tokens"]!.AsArray().Select(tokens => (int)tokens!));
        Assert.Equal(2, found.Samples.Count);
        Assert.True((double)found.Extra["start_up_seconds"]! > 0);

        // 4 pairs a step, in two steps after two of warm-up.
        var seconds = found.Extra["step_seconds"]!.AsArray().Select(step => (double)step!).ToArray();
        Assert.Equal(1631 / seconds[2], found.Samples[0], 0.02 * found.Samples[0]);
        Assert.Equal(8 / (seconds[2] + seconds[3]), (double)found.Extra["pairs_per_second"]!, 0.02 * 8);
    }

    [Fact]
    public void Policy_training_samples_completions_of_exactly_their_length()
    {
        var found = Run(new PolicyWork(Samples.Tiny, Precisions.Float32));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P3/Tiny/hone/trainer/fp32", found.Subject.Name);
        Assert.Equal(4096, (int?)found.Extra["completion_tokens"]);
        Assert.InRange((double)found.Extra["generation_share"]!, 0, 1);

        // 4096 tokens over the seconds of the whole step, after one step of warm-up.
        var seconds = (double)found.Extra["step_seconds"]![1]!;
        Assert.Equal(4096 / seconds, Assert.Single(found.Samples), 0.02 * found.Samples[0]);
    }

    [Fact]
    public void Decoding_counts_the_tokens_after_the_first_of_each_prompt()
    {
        var found = Run(new DecodingWork(Samples.Tiny, batch: 3, count: 5, Precisions.Float32));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P4/Tiny/b3/hone/engine/fp32", found.Subject.Name);
        Assert.Equal("""{"batch":3,"new":5,"runs":2}""", found.Subject.Settings.ToJsonString());
        Assert.Equal(2, found.Samples.Count);
    }

    [Fact]
    public void Decoding_with_an_adapter_is_a_work_of_its_own()
    {
        var found = Run(new DecodingWork(Samples.Tiny, batch: 2, count: 5, Precisions.Float32, rank: 4));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P4/Tiny/b2-lora4/hone/engine/fp32", found.Subject.Name);
    }

    [Fact]
    public void A_prompt_is_prefilled_to_its_last_logits()
    {
        var found = Run(new PrefillWork(Samples.Tiny, Precisions.Float32));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P4/Tiny/prefill512/hone/engine/fp32", found.Subject.Name);
    }

    [Fact]
    public void A_search_computes_each_beginning_once()
    {
        var found = Run(new SearchWork(Samples.Tiny, Precisions.Float32));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("search/Tiny/beam16x8/hone/engine/fp32", found.Subject.Name);
        Assert.Equal(2, found.Samples.Count);

        // 16 paths on 8 levels run 15 of their 16 new tokens: 1920. With sharing the prompt comes once, and on 7 levels
        // the last token of 4 kept paths; without it 16 times a level everything before it, 64 + 16 · level tokens.
        Assert.Equal(1920 + 64 + 28, (long?)found.Extra["computed_tokens"]);
        Assert.Equal(1920 + (16 * ((8 * 64) + (16 * 28))), (long?)found.Extra["unshared_tokens"]);
        Assert.Equal(8.59, (double?)found.Extra["times_fewer"]);
    }

    [Fact]
    public void A_search_with_other_log_probs_or_another_ledger_is_wrong()
    {
        var stored = Samples.Context(_folder).Models.Find(Samples.Tiny);
        using var folder = ModelFolder.Load(stored.Folder, DType.Float32, DType.Float32);
        var best = new Candidate("", [17, 18], [-10.3f, -2]);
        var path = new ScoredPath(new SearchPath(best, HasEnded: false), 0);
        var result = new BeamResult([path], 8, new SearchCost(2048, 0));

        var check = SearchWork.Check(folder.Decoder, RecordedSequences.Prompts()[0], result, default);

        Assert.False(check.Holds);
        Assert.Contains("log-probs of the best path differ", check.Words, StringComparison.Ordinal);
        Assert.Contains("tokens that went through the model: 0, must be 2012", check.Words, StringComparison.Ordinal);
        Assert.Contains("tokens of each path by itself: 0, must be 17280", check.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("tokens sampled", check.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_are_not_the_likeliest_are_found_out()
    {
        var stored = Samples.Context(_folder).Models.Find(Samples.Tiny);
        using var engine = LoadedEngine.Open(stored, Precisions.Float32, 1);
        var prompt = RecordedSequences.Prompts()[0];
        var tokens = engine.Decode([prompt], 4)[0];

        Assert.True(engine.CheckGreedy(prompt, tokens).Holds);
        tokens[2] = (tokens[2] + 1) % 32000;
        Assert.False(engine.CheckGreedy(prompt, tokens).Holds);
    }

    [Fact]
    public void The_losses_of_a_peers_checkpoint_must_be_the_peers_losses()
    {
        var peers = new StoredModel(BenchmarkModel.L15M, "", IsPeers: true);
        double[] recorded = [10.40436, 10.4229, 10.43377];

        Assert.True(LossCheck.Of(peers, "P1/L15M", Precisions.Float32, recorded).Holds);
        Assert.Equal(
            new Check(false, "losses differ from the peers' by: 2.04e-4, at most 1e-4"),
            LossCheck.Of(peers, "P1/L15M", Precisions.Float32, [10.40436, 10.4231, 10.43377]));
    }

    [Fact]
    public void The_first_loss_of_our_own_weights_must_be_an_untrained_models()
    {
        // ln 32000 + 288 · 0.02² / 2 = 10.3735 + 0.0576
        var own = new StoredModel(BenchmarkModel.L15M, "", IsPeers: false);

        Assert.True(LossCheck.Of(own, "P1/L15M", Precisions.Float32, [10.43]).Holds);
        Assert.False(LossCheck.Of(own, "P1/L15M", Precisions.Float32, [10.6]).Holds);
    }

    [Fact]
    public void A_text_is_tokenized_whole_and_counted()
    {
        var context = Context(words: 3);
        var work = new TokenizingWork("words", isBatch: false);

        var found = Assert.Single(work.Run(context));

        Assert.Equal("P7/words/single/hone/encode/-", found.Subject.Name);
        Assert.Equal(4, (long?)found.Extra["tokens"]);
        Assert.Equal(5 + 7, (long?)found.Extra["bytes"]);
        if (System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            // GHz over MB/s: thousands of cycles a byte, rounded as the clock is
            var cycles = 1e3 * (double)found.Extra["clock_ghz"]! / found.UnitsPerSecond;
            Assert.InRange((double)found.Extra["cycles_per_byte"]! / cycles, 0.98, 1.02);
        }

        Assert.True(found.Check.Holds, found.Check.Words);
    }

    [Fact]
    public void Batches_that_miss_the_text_of_the_definition_are_wrong()
    {
        var found = Assert.Single(new TokenizingWork("words", isBatch: true).Run(Context(words: 3)));

        Assert.Equal(4, (long?)found.Extra["tokens"]);
        Assert.Equal(new Check(false, "the text has its digest"), found.Check);
    }

    [Fact]
    public void What_is_missing_is_said_in_words()
    {
        var context = Samples.Context(_folder);
        var work = new TokenizingWork("gpt-2", isBatch: true);

        Assert.Equal(
            "needs the text of P7, found neither tokenize.jsonl nor tokenize_documents.jsonl.gz in "
                + $"{_folder.Path}/texts", work.Missing(context));
        Context(words: 3);
        Assert.Equal(
            $"needs the tokenizer gpt-2, found none in {_folder.Path}/tokenizers/gpt-2", work.Missing(context));
    }

    [Fact]
    public void Ranks_are_measured_by_the_lines_of_hone_train()
    {
        var program = new ScriptedProgram();
        var context = Samples.Context(_folder, program);
        context.Models.Find(BenchmarkModel.L15M with { Json = Samples.Tiny.Json });
        var steps = Enumerable.Range(1, 5).Select(
            step => $"{{\"event\":\"step\",\"step\":{step},\"metrics\":{{\"loss\":10.43}}}}");
        program.Answer($"train {context.Scratch}/recipe.yaml --json --ranks 2",
            ["{\"event\":\"started\"}", .. steps, "{\"event\":\"finished\"}"]);

        var found = Assert.Single(new DataParallelWork(ranks: 2, threads: 1).Run(context));

        Assert.True(found.Check.Holds, found.Check.Words);
        Assert.Equal("P11/L15M/batch8/hone/2_ranks_x_1_thread/fp32", found.Subject.Name);
        Assert.Equal(
            (1, 3, 5), (found.Subject.Threads, found.Samples.Count, found.Extra["step_seconds"]!.AsArray().Count));
        Assert.Equal(Spread.Of(found.Samples).Median / 2, found.UnitsPerSecond);
        var recipe = RecipeFile.Load(Path.Combine(context.Scratch, "recipe.yaml"));
        Assert.Equal((5, 1, 8), (recipe.Steps, recipe.Threads.Count, recipe.Batch.RowsPerStep));
    }

    [Fact]
    public void Ranks_that_fail_fail_with_their_words()
    {
        var program = new ScriptedProgram();
        var context = Samples.Context(_folder, program);
        context.Models.Find(BenchmarkModel.L15M with { Json = Samples.Tiny.Json });
        program.Answer($"train {context.Scratch}/recipe.yaml --json", [], code: 2, errors: "hone train: no\n");

        var error = Assert.Throws<InvalidOperationException>(() => new DataParallelWork(1, 1).Run(context).ToList());

        Assert.Equal("hone train must end with 0, ended with 2: hone train: no", error.Message);
    }

    [Fact]
    public void Starting_up_is_wrong_when_the_command_is()
    {
        var program = new ScriptedProgram();
        program.Answer("--version", ["hone 1.2.3"]);
        var context = Samples.Context(_folder, program);
        context.Models.Find(BenchmarkModel.L15M with { Json = Samples.Tiny.Json });

        var found = new StartUpWork().Run(context).ToList();

        Assert.Equal(["start-up/version", "start-up/plan"], found.Select(one => one.Subject.Work));
        Assert.Equal([true, false], found.Select(one => one.Check.Holds));
        Assert.Equal(10, found[0].Samples.Count);
        Assert.Equal(22, program.Starts.Count);
    }

    public void Dispose() => _folder.Dispose();

    private Measurement Run(IWorkload work)
    {
        using var compute = new ComputeThread();
        return compute.Run(() => Assert.Single(work.Run(Samples.Context(_folder))));
    }

    private WorkContext Context(int words)
    {
        var context = Samples.Context(_folder);
        var folder = Directory.CreateDirectory(Path.Combine(context.Texts.Tokenizers, "words")).FullName;
        WordTokenizer.Write(folder, 3 + words);
        var texts = Directory.CreateDirectory(context.Texts.TextFolders[0]).FullName;
        File.WriteAllLines(
            Path.Combine(texts, TokenizingText.PeersFile),
            new[] { "t3 t4", "t5 </s>" }.Select(text => new JsonObject { ["text"] = text }.ToJsonString()));
        return context;
    }
}
