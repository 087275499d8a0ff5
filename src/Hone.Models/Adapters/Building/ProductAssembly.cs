using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters whose change is an element-wise or a Kronecker product together.</summary>
internal static class ProductAssembly
{
    private static readonly Operator Kron = Operator.Find("aten::kron");

    /// <summary>LoHa.</summary>
    public static void Build(AdapterBuilder builder, LohaConfig config)
    {
        foreach (var linear in Targeting.Linears(builder, config, config.Targets))
        {
            var rank = ModuleTargets.First(config.RankPattern, linear.Name, config.Rank);
            var scale = ModuleTargets.First(config.AlphaPattern, linear.Name, config.Alpha) / rank;
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            Parameter Up(string part) => Drawn(builder, $"{name}.{part}", [linear.Outputs, rank]);
            Parameter Down(string part, bool isZero) => isZero
                ? builder.Add(
                    $"{name}.{part}", [rank, linear.Inputs], _ => Tensor.Zeros(DType.Float32, rank, linear.Inputs))
                : Drawn(builder, $"{name}.{part}", [rank, linear.Inputs]);
            var (firstUp, firstDown) = (Up("hada_w1_a"), Down("hada_w1_b", isZero: false));
            var (secondUp, secondDown) = (Up("hada_w2_a"), Down("hada_w2_b", isZero: config.BeginAsBase));

            // ΔW = α/r · (w₁ₐ·w₁ᵦ) ⊙ (w₂ₐ·w₂ᵦ)
            builder.Put(linear.Name, new DeltaPart(builder.Derive(
                () => firstUp.Value.Matmul(firstDown.Value) * secondUp.Value.Matmul(secondDown.Value) * scale)));
        }
    }

    /// <summary>LoKr.</summary>
    public static void Build(AdapterBuilder builder, LokrConfig config)
    {
        foreach (var linear in Targeting.Linears(builder, config, config.Targets))
        {
            var rank = ModuleTargets.First(config.RankPattern, linear.Name, config.Rank);
            var scale = ModuleTargets.First(config.AlphaPattern, linear.Name, config.Alpha) / rank;
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            var (outer, inner) = (Split(linear.Outputs, config.Factor), Split(linear.Inputs, config.Factor));
            var isProduct1 = config.DecomposeBoth && rank < Math.Max(outer.Small, inner.Small) / 2.0;
            var isProduct2 = rank < Math.Max(outer.Large, inner.Large) / 2.0;
            int? firstRank = isProduct1 ? rank : null;
            int? secondRank = isProduct2 ? rank : null;
            var first = Factor(builder, $"{name}.lokr_w1", outer.Small, inner.Small, firstRank, config.BeginAsBase);
            var second = Factor(builder, $"{name}.lokr_w2", outer.Large, inner.Large, secondRank, isZero: false);

            // ΔW = α/r · w₁ ⊗ w₂
            builder.Put(linear.Name, new DeltaPart(builder.Derive(() => Kron.Call(first(), second()) * scale)));
        }
    }

    /// <summary>Two numbers whose product is the size, the first near the factor that is wanted, or both near its
    /// root.</summary>
    public static (long Small, long Large) Split(long size, int factor)
    {
        if (factor > 0 && size % factor == 0)
        {
            return (factor, size / factor);
        }

        var limit = factor == -1 ? size : factor;
        var (small, large) = (1L, size);
        while (small < large)
        {
            var next = small + 1;
            while (size % next != 0)
            {
                next++;
            }

            if (next + (size / next) > 1 + size || next > limit)
            {
                break;
            }

            (small, large) = (next, size / next);
        }

        return small > large ? (large, small) : (small, large);
    }

    private static Func<Tensor> Factor(
        AdapterBuilder builder, string name, long rows, long columns, int? rank, bool isZero)
    {
        Parameter Start(string part, long height, long width, bool zero) => zero
            ? builder.Add(part, [height, width], _ => Tensor.Zeros(DType.Float32, height, width))
            : Drawn(builder, part, [height, width]);

        if (rank is not { } inner)
        {
            var whole = Start(name, rows, columns, isZero);
            return () => whole.Value;
        }

        var up = Start($"{name}_a", rows, inner, isZero);
        var down = Start($"{name}_b", inner, columns, zero: false);
        return () => up.Value.Matmul(down.Value);
    }

    private static Parameter Drawn(AdapterBuilder builder, string name, long[] shape) =>
        builder.Add(name, shape, draws => draws.KaimingUniform(shape));
}
