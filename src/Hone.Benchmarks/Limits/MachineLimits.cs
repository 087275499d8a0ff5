using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Limits;

/// <summary>
/// What the machine can do at most, as its own lines of the same run say, and what share of it a work reached.
/// </summary>
/// <remarks>The roofline model: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009.</remarks>
public sealed class MachineLimits
{
    /// <summary>The work of the lines that give the rate of a large matrix product.</summary>
    public const string ProductWork = "limits/gemm2048";

    /// <summary>The work of the lines that give the rate of memory.</summary>
    public const string MemoryWork = "limits/memory";

    /// <summary>What the names of lines begin with that give the rate of a product in use.</summary>
    public const string ShapeWork = "limits/matmul/";

    private readonly Dictionary<(string Work, string Precision, int Threads), double> _rates = [];

    /// <summary>Takes a line in, if it is one of a limit.</summary>
    public void Add(Measurement found)
    {
        var subject = found.Subject;
        var isRead = subject.Work == MemoryWork && subject.Variant.StartsWith("read", StringComparison.Ordinal);
        if (isRead || subject.Work == ProductWork || subject.Work.StartsWith(ShapeWork, StringComparison.Ordinal))
        {
            _rates[(subject.Work, subject.Precision, subject.Threads)] = 1e9 * Spread.Of(found.Samples).Median;
        }
    }

    /// <summary>
    /// The fields that say how near to its limits a work came; none where its cost or a limit is not known.
    /// </summary>
    public JsonObject Judge(Measurement found)
    {
        var fields = new JsonObject();
        if (found.Cost is not { } cost || found.UnitsPerSecond <= 0)
        {
            return fields;
        }

        var (units, threads) = (found.UnitsPerSecond, found.Subject.Threads);
        AddRate(fields, "gflop_per_s", units * cost.TotalFlops());
        AddRate(fields, "gb_per_s", units * cost.TotalBytes());
        var memory = _rates.GetValueOrDefault((MemoryWork, Precisions.Float32, threads));
        var products = ProductRate(Precisions.OfProducts(found.Subject.Precision), threads);
        var rest = ProductRate(Precisions.OfTheRest(found.Subject.Precision), threads);
        if ((cost.TotalFlops() > 0 && (products == 0 || rest == 0)) || (cost.TotalBytes() > 0 && memory == 0))
        {
            return fields;
        }

        var (byProducts, byMemory) = (0.0, 0.0);
        foreach (var phase in cost.Phases)
        {
            var arithmetic = Seconds(phase.ProductFlops(), products) + Seconds(phase.OtherFlops, rest);
            var traffic = Seconds(phase.Bytes, memory);
            (byProducts, byMemory) =
                arithmetic >= traffic ? (byProducts + arithmetic, byMemory) : (byProducts, byMemory + traffic);
        }

        fields["share_of_limit"] = Rounded(units * (byProducts + byMemory));
        fields["limit"] = byProducts >= byMemory ? "products" : "memory";
        if (ShapeSeconds(cost, found.Subject, rest) is { } seconds)
        {
            fields["share_of_shapes"] = Rounded(units * seconds);
        }

        return fields;
    }

    /// <summary>Seconds that the products of a unit take one by one at the rates of their own shapes; null where one is
    /// not known.</summary>
    private double? ShapeSeconds(Cost cost, Subject subject, double rest)
    {
        if (cost.Phases.All(phase => phase.Products.Count == 0))
        {
            return null;
        }

        var seconds = 0.0;
        foreach (var phase in cost.Phases)
        {
            foreach (var (product, times) in phase.Products)
            {
                if (!_rates.TryGetValue(($"{ShapeWork}{product}", subject.Precision, subject.Threads), out var rate))
                {
                    return null;
                }

                seconds += times * product.Flops / rate;
            }

            seconds += Seconds(phase.OtherFlops, rest);
        }

        return seconds;
    }

    private double ProductRate(string precision, int threads) =>
        _rates.GetValueOrDefault((ProductWork, precision, threads));

    private static double Seconds(double count, double rate) => rate == 0 ? 0 : count / rate;

    private static void AddRate(JsonObject fields, string name, double rate)
    {
        if (rate > 0)
        {
            fields[name] = Rounded(rate / 1e9);
        }
    }

    private static double Rounded(double value) =>
        value == 0 ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
