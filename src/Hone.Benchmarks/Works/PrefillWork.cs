using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Models.Generation;

namespace Hone.Benchmarks.Works;

/// <summary>P4: one forward pass over a prompt of 512 tokens, with the last logits only.</summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products, or how weights are kept.</param>
internal sealed class PrefillWork(BenchmarkModel model, string precision) : IWorkload
{
    private const int Length = 512;

    public string Name => $"{Work}/{precision}";

    public string Description => $"a prompt of {Length} tokens through {model.Name}, {precision}";

    public bool IsQuick => model != BenchmarkModel.L05B;

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    // Products in few bits have one rate, whatever their shape.
    public IEnumerable<CountedProduct> Products =>
        Precisions.WeightsOf(precision) == GenerationWeights.Compute
            ? new ModelCost(model.Config()).Forward(Length, 1, 1) : [];

    private string Work => $"P4/{model.Name}/prefill{Length}";

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "engine", Precision = precision, Threads = threads };

    public bool IsUsual(ProcessorRecord processor) =>
        precision == Precisions.Int8 || (precision != Precisions.Int4 && IsUsualDType(processor));

    private bool IsUsualDType(ProcessorRecord processor) =>
        model == BenchmarkModel.L110M ? precision == Precisions.Float32 || processor.HasBFloat16
            : (precision == Precisions.BFloat16) == processor.HasBFloat16;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var runs = context.IsQuick ? 3 : 5;
        var stored = context.Models.Find(model);
        using var engine = LoadedEngine.Open(stored, precision, context.Threads);
        int[] prompt = [.. RecordedSequences.Prompts().SelectMany(ids => ids).Take(Length)];
        int[] tokens = [];
        var rates = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            var begin = context.Time.GetTimestamp();
            tokens = engine.Decode([prompt], 1)[0];
            rates.Add(Length / context.Time.GetElapsedTime(begin).TotalSeconds);
        }

        rates.RemoveAt(0); // the first one warms up
        var peak = PeakMemory.Read();
        var subject =
            Subject(context.Threads) with { Settings = new JsonObject { ["prefill"] = Length, ["runs"] = runs } };
        yield return new Measurement(subject, rates, engine.CheckGreedy(prompt, tokens))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = peak,
            Extra = new JsonObject { ["weights"] = stored.Weights },
        };
    }

    private Cost PerToken()
    {
        var cost = new ModelCost(model.Config());
        return Cost.Of(new Phase
        {
            Products = [.. cost.Forward(Length, 1, 1.0 / Length)],
            OtherFlops = cost.Attention((Length + 1) / 2.0),
            Bytes = cost.WeightBytes(precision) / Length,
        });
    }
}
