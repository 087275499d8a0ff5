using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Several projections of the same input.</summary>
internal interface IProjections
{
    /// <summary>Applies all of them to rows <c>[token, in]</c>; each result is <c>[token, size]</c>, or a view that can
    /// be seen as such.</summary>
    public Tensor[] Apply(Tensor x);
}

/// <summary>Projections with weights of their own: one product where no gradients are recorded, one each where they
/// are, or where weights are coded.</summary>
/// <param name="parts">The projections by themselves.</param>
/// <param name="weight">All their weights, one below the other.</param>
/// <param name="bias">All their biases, or null.</param>
internal sealed class JoinedProjections(Linear[] parts, Parameter weight, Parameter? bias) : IProjections
{
    private readonly long[] _sizes = Array.ConvertAll(parts, part => part.Weight.Spec.Shape[0]);

    /// <summary>All their weights.</summary>
    public Parameter Weight => weight;

    /// <summary>The projections by themselves.</summary>
    public IReadOnlyList<Linear> Parts => parts;

    /// <summary>All their biases, or null.</summary>
    public Parameter? Bias => bias;

    public Tensor[] Apply(Tensor x)
    {
        if (Autograd.IsRecording || parts[0].Weight.Coded is not null)
        {
            return Array.ConvertAll(parts, part => part.Apply(x));
        }

        var results = SplitProjections.Split(x.Linear(weight.Compute(), bias?.Compute()), _sizes);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = parts[i].Adapt(x, results[i]);
        }

        return results;
    }
}

/// <summary>One matrix whose outputs are several projections, one after the other.</summary>
/// <param name="whole">The matrix.</param>
/// <param name="sizes">Outputs of each.</param>
internal sealed class SplitProjections(Linear whole, long[] sizes) : IProjections
{
    public Linear Whole => whole;

    public Tensor[] Apply(Tensor x) => Split(whole.Apply(x), sizes);

    /// <summary>Views of columns, one after the other.</summary>
    public static Tensor[] Split(Tensor all, long[] sizes)
    {
        var results = new Tensor[sizes.Length];
        var start = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            results[i] = all.Narrow(1, start, sizes[i]);
            start += sizes[i];
        }

        return results;
    }
}

/// <summary>
/// One matrix whose outputs are query, key and value of the first head, then those of the second, and so on.
/// </summary>
/// <param name="whole">The matrix.</param>
/// <param name="heads">How many heads.</param>
internal sealed class HeadwiseProjections(Linear whole, long heads) : IProjections
{
    public Tensor[] Apply(Tensor x)
    {
        const int parts = 3;
        var all = whole.Apply(x);
        var byHead = all.View(all.Size(0), heads, parts, all.Size(1) / heads / parts); // [token, head, part, dim]
        return [byHead.Select(2, 0), byHead.Select(2, 1), byHead.Select(2, 2)];
    }
}
