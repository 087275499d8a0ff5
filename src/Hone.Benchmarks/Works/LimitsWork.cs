using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Micro;
using Hone.Torch;

namespace Hone.Benchmarks.Works;

/// <summary>What the machine can do at most: products, memory, calls of operators, barriers.</summary>
internal sealed class LimitsWork : IWorkload
{
    public string Name => "limits";

    public string Description => "what the machine can do: matrix products, memory, calls of operators, barriers";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int threads) => new() { Work = Name, Variant = "all", Metric = "s", Threads = threads };

    public bool IsUsual(ProcessorRecord processor) => true;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var threads = context.Threads == 1 ? new[] { 1 } : [1, context.Threads];
        foreach (var count in threads)
        {
            ComputeThread.Configure(count);
            var products = new ProductLimits(context, count);
            foreach (var type in Types(context))
            {
                yield return products.Large(type);
            }

            if (IntegerProduct.Exists)
            {
                yield return products.Integers();
            }

            foreach (var kind in Enum.GetValues<MemoryTraffic>())
            {
                yield return new MemoryLimits(context, count).Measure(kind);
            }
        }

        foreach (var found in new CallCosts(context).Run())
        {
            yield return found;
        }

        foreach (var (precision, product) in ShapesInUse(context))
        {
            yield return new ProductLimits(context, context.Threads).Shape(Precisions.TypeOf(precision), product);
        }
    }

    private static DType[] Types(WorkContext context) =>
        context.Processor.HasBFloat16 || context.Round.Any(work => work.Subject(1).Precision == Precisions.BFloat16)
            ? [DType.Float32, DType.BFloat16]
            : [DType.Float32];

    /// <summary>
    /// The products of the works of this round; those of small shape are bound by memory, which another limit tells.
    /// </summary>
    private static IEnumerable<(string Precision, MatrixProduct Product)> ShapesInUse(WorkContext context)
    {
        const long least = 256;
        return context.Round
            .SelectMany(work => work.Products.Select(one => (work.Subject(1).Precision, one.Product)))
            .Where(one => one.Product is { Rows: >= least, Inner: >= least, Columns: >= least })
            .Distinct();
    }
}
