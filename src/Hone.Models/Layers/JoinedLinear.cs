using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Projections of the same input: one product where no gradients are recorded, one each where they are.</summary>
/// <param name="parts">The projections by themselves.</param>
/// <param name="sizes">Rows of each.</param>
/// <param name="weight">All their weights, one below the other.</param>
/// <param name="bias">All their biases, or null.</param>
internal sealed class JoinedLinear(Linear[] parts, long[] sizes, Parameter weight, Parameter? bias)
{
    /// <summary>Applies all projections to rows <c>[token, in]</c>; each result is <c>[token, size]</c>.</summary>
    public Tensor[] Apply(Tensor x)
    {
        if (Autograd.IsRecording)
        {
            return Array.ConvertAll(parts, part => part.Apply(x));
        }

        var whole = x.Linear(weight.Compute(), bias?.Compute());
        var results = new Tensor[sizes.Length];
        var start = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            results[i] = whole.Narrow(1, start, sizes[i]);
            start += sizes[i];
        }

        return results;
    }
}
