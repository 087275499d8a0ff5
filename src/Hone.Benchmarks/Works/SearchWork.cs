using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Search;
using Hone.Torch;

namespace Hone.Benchmarks.Works;

/// <summary>Beam search over steps: paths that share their beginnings, each beginning computed once.</summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products.</param>
internal sealed class SearchWork(BenchmarkModel model, string precision) : IWorkload
{
    private const int PromptLength = 64;
    private const int StepTokens = 16;

    private static readonly BeamOptions Shape = new() { Width = 16, Branches = 4, Depth = 8 };

    private static readonly SamplingOptions Step = new()
    {
        MinNewTokens = StepTokens,
        MaxNewTokens = StepTokens,
        StopTokens = [BenchmarkModel.EndOfSequence],
    };

    public string Name => $"{Work}/{precision}";

    public string Description =>
        $"beam search with {model.Name}, {Shape.Width} paths x {Shape.Depth} levels x {StepTokens} tokens, {precision}";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public IEnumerable<CountedProduct> Products => [];

    private static long SampledTokens => (long)Shape.Width * Shape.Depth * StepTokens;

    private string Work => $"search/{model.Name}/beam{Shape.Width}x{Shape.Depth}";

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "engine", Precision = precision, Threads = threads };

    /// <summary>The faster dtype.</summary>
    public bool IsUsual(ProcessorRecord processor) => (precision == Precisions.BFloat16) == processor.HasBFloat16;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var runs = context.IsQuick ? 2 : 3;
        var stored = context.Models.Find(model);
        using var folder = ModelFolder.Load(stored.Folder, DType.Float32, Precisions.TypeOf(precision));
        ComputeThread.Configure(context.Threads);
        var prompt = RecordedSequences.Prompts()[0];
        var (rates, found) = (new List<double>(), default(Found));
        for (var run = 0; run <= runs; run++)
        {
            found = Search(context, folder, prompt);
            rates.Add(found.Result.Cost.Generated / found.Seconds);
        }

        rates.RemoveAt(0); // the first one packs the weights
        var peak = PeakMemory.Read();
        var subject = Subject(context.Threads) with
        {
            Settings = new JsonObject
            {
                ["width"] = Shape.Width,
                ["branches"] = Shape.Branches,
                ["depth"] = Shape.Depth,
                ["step"] = StepTokens,
                ["runs"] = runs,
            },
        };
        var usage = found.Usage;
        yield return new Measurement(subject, rates, Check(folder.Decoder, prompt, found.Result, usage))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = peak,
            Extra = new JsonObject
            {
                ["computed_tokens"] = usage.ComputedTokens,
                ["unshared_tokens"] = usage.UnsharedTokens,
                ["times_fewer"] = Math.Round(usage.UnsharedTokens / (double)usage.ComputedTokens, 2),
                ["weights"] = stored.Weights,
            },
        };
    }

    /// <summary>
    /// Whether the best path has the log-probabilities that one forward pass of training gives it, and the ledger says
    /// what each path by itself would take and that no beginning was computed twice.
    /// </summary>
    public static Check Check(Decoder decoder, int[] prompt, BeamResult result, GenerationUsage usage)
    {
        var best = result.Paths[0].Path.Candidate;
        var worst = LogProbs(decoder, prompt, [.. best.Tokens]).Zip(best.LogProbs)
            .Max(pair => Math.Abs((double)pair.First - pair.Second));

        // Every path of a level has its prompt and all its steps so far, and runs all tokens of its step but the last.
        var (width, grown) = ((long)Shape.Width, (long)Shape.Width * Shape.Depth * (StepTokens - 1));
        var unshared = grown
            + Enumerable.Range(0, Shape.Depth).Sum(level => width * (prompt.Length + (level * StepTokens)));

        // Of these the prompt is computed once, and the last token of each kept path when it goes on.
        var computed = grown + prompt.Length + ((long)(Shape.Depth - 1) * (Shape.Width / Shape.Branches));
        return Lines.Check.All(
            Lines.Check.Within(
                "log-probs of the best path differ from those of one forward pass by", worst,
                decoder.ComputeType == DType.BFloat16 ? 0.1 : 1e-3),
            Lines.Check.Equal("tokens sampled", result.Cost.Generated, SampledTokens),
            Lines.Check.Equal("tokens that went through the model", usage.ComputedTokens, computed),
            Lines.Check.Equal("tokens of each path by itself", usage.UnsharedTokens, unshared));
    }

    private static float[] LogProbs(Decoder decoder, int[] prompt, int[] tokens)
    {
        using var scope = TensorScope.Open();
        using var still = Autograd.NoGrad();
        var hidden = decoder.Hidden(TokenBatch.Of([.. prompt, .. tokens[..^1]]))
            .Narrow(0, prompt.Length - 1, tokens.Length);
        var logits = decoder.Head.Logits(hidden).To(DType.Float32).Contiguous().AsSpan<float>();
        var (width, found) = (decoder.Config.VocabularySize, new float[tokens.Length]);
        for (var i = 0; i < tokens.Length; i++)
        {
            var row = logits.Slice(i * width, width);
            row[BenchmarkModel.EndOfSequence] = float.NegativeInfinity;
            var sum = 0.0;
            foreach (var logit in row)
            {
                sum += Math.Exp(logit);
            }

            found[i] = (float)(row[tokens[i]] - Math.Log(sum));
        }

        return found;
    }

    private static Found Search(WorkContext context, ModelFolder folder, int[] prompt)
    {
        using var generator = new EnginePathGenerator(folder, "", prompt, Step, new EngineOptions());
        var begin = context.Time.GetTimestamp();
        var result = BeamSearch.Run(generator, new MeanLogProbScorer(), Shape, CancellationToken.None);
        return new Found(context.Time.GetElapsedTime(begin).TotalSeconds, result, generator.Usage);
    }

    /// <summary>The prompt, then on each level the last tokens of the kept paths and a pass for each token of a step
    /// but the first. Of bytes those of weights are counted: how many keys and values paths share is a matter of the
    /// draw.</summary>
    private Cost PerToken()
    {
        var cost = new ModelCost(model.Config());
        var kept = Shape.Width / Shape.Branches;
        Phase Passes(long tokens, long logits, double times, double context) => new()
        {
            Products = [.. cost.Forward(tokens, logits, times / SampledTokens)],
            OtherFlops = cost.Attention(context) * tokens * times / SampledTokens,
            Bytes = cost.WeightBytes(precision) * times / SampledTokens,
        };
        var middle = PromptLength + (Shape.Depth * StepTokens / 2.0);
        return new Cost(
        [
            Passes(PromptLength, 1, 1, PromptLength / 2.0),
            Passes(kept, kept, Shape.Depth - 1, middle),
            Passes(Shape.Width, Shape.Width, Shape.Depth * (StepTokens - 1), middle),
        ]);
    }

    private readonly record struct Found(double Seconds, BeamResult Result, GenerationUsage Usage);
}
