using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Works;

/// <summary>
/// P4: greedy decoding from prompts of 64 tokens, a fixed number of new tokens, at several batch sizes.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="batch">Prompts that are continued together.</param>
/// <param name="count">New tokens of each.</param>
/// <param name="precision">The dtype of products, or how weights are kept.</param>
/// <param name="rank">Of the adapter on every linear layer that all prompts have; 0: none.</param>
internal sealed class DecodingWork(BenchmarkModel model, int batch, int count, string precision, int rank = 0)
    : IWorkload
{
    private const int PromptLength = 64;

    public string Name => $"{Work}/{precision}";

    public string Description => $"decoding with {model.Name}, {batch} prompts x {count} new tokens, {precision}"
        + (rank == 0 ? "" : $", LoRA of rank {rank}");

    public bool IsQuick => model != BenchmarkModel.L05B && rank == 0;

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public IEnumerable<CountedProduct> Products => [];

    private string Work => $"P4/{model.Name}/b{batch}" + (rank == 0 ? "" : $"-lora{rank}");

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "engine", Precision = precision, Threads = threads };

    /// <summary>The faster dtype everywhere, both at batch 1; 8 bits; 4 where bytes count. Adapters by name
    /// alone.</summary>
    public bool IsUsual(ProcessorRecord processor) => rank == 0 && precision switch
    {
        Precisions.Int8 => true,
        Precisions.Int4 => batch == 1,
        _ => (model == BenchmarkModel.L110M && batch == 1)
            || (precision == Precisions.BFloat16) == processor.HasBFloat16,
    };

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var runs = context.IsQuick ? 2 : 3;
        var stored = context.Models.Find(model);
        using var engine = LoadedEngine.Open(stored, precision, context.Threads);
        if (rank > 0)
        {
            engine.Adapt(rank);
        }

        var prompts = RecordedSequences.Prompts().Take(batch).ToArray();

        engine.Decode(prompts, 4);
        List<double> rates = [], whole = [], first = [];
        int[] tokens = [];
        for (var run = 0; run < runs; run++)
        {
            var (one, _) = Time(context, engine, prompts, 1);
            (var all, tokens) = Time(context, engine, prompts, count);
            rates.Add(batch * (count - 1) / (all - one));
            whole.Add(batch * count / all);
            first.Add(batch * PromptLength / one);
        }

        var peak = PeakMemory.Read();
        var subject = Subject(context.Threads) with
        {
            Settings = new JsonObject { ["batch"] = batch, ["new"] = count, ["runs"] = runs },
        };
        yield return new Measurement(subject, rates, engine.CheckGreedy(prompts[0], tokens))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = peak,
            Extra = new JsonObject
            {
                ["with_prefill"] = JsonLists.Of(whole, 2),
                ["prefill"] = Math.Round(Spread.Of(first).Median, 1),
                ["weights"] = stored.Weights,
            },
        };
    }

    /// <summary>
    /// Bytes that a decoding step must read: every weight that is multiplied, and the keys and values of all sequences.
    /// </summary>
    public static double BytesOfStep(ModelCost cost, string precision, int batch, double context) =>
        cost.WeightBytes(precision)
            + (batch * context * cost.CacheBytes(Precisions.TypeOf(precision)));

    private static (double Seconds, int[] First) Time(
        WorkContext context, LoadedEngine engine, int[][] prompts, int count)
    {
        var begin = context.Time.GetTimestamp();
        var completions = engine.Decode(prompts, count);
        return (context.Time.GetElapsedTime(begin).TotalSeconds, completions[0]);
    }

    private Cost PerToken()
    {
        var cost = new ModelCost(model.Config());
        var context = PromptLength + (count / 2.0);
        return Cost.Of(new Phase
        {
            Products = [.. cost.Forward(batch, batch, 1.0 / batch)],
            OtherFlops = cost.Attention(context),
            Bytes = BytesOfStep(cost, precision, batch, context) / batch,
        });
    }
}
