using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Factors that a low-rank adapter begins with and that are computed together.</summary>
/// <param name="A">A, <c>[r, in]</c>, float32.</param>
/// <param name="B">B, <c>[out, r]</c>, float32.</param>
internal sealed record LoraStart(Tensor A, Tensor B)
{
    private static readonly Operator Svd = Operator.Find("aten::linalg_svd");
    private static readonly Operator Qr = Operator.Find("aten::linalg_qr");

    /// <summary>Computes the factors of a weight; they are kept until the caller's scope ends.</summary>
    /// <param name="initial">Which.</param>
    /// <param name="weight">W, <c>[out, in]</c>, float32.</param>
    /// <param name="rank">r.</param>
    /// <param name="scale">s of s·B·A.</param>
    /// <param name="draws">Draws for those that are drawn.</param>
    public static LoraStart Of(LoraInitial initial, Tensor weight, int rank, double scale, FreshDraws draws)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        if (rank > Math.Min(weight.Size(0), weight.Size(1)) && initial != LoraInitial.Orthogonal)
        {
            throw new CheckpointException(
                $"adapter LORA: a start by {initial} must have a rank of at most "
                + $"{Math.Min(weight.Size(0), weight.Size(1))} on a layer of "
                + $"[{string.Join(", ", weight.Shape)}], got {rank}; lower it there by rank_pattern");
        }

        var (a, b) = initial switch
        {
            LoraInitial.Pissa => Pissa(weight, rank, scale),
            LoraInitial.Olora => Olora(weight, rank),
            LoraInitial.Mica => Mica(weight, rank),
            LoraInitial.Orthogonal => Orthogonal(weight, rank, draws),
            _ => throw new InvalidOperationException($"{initial} is not computed"),
        };
        return new LoraStart(TensorScope.Detach(a.Contiguous().Clone()), TensorScope.Detach(b.Contiguous().Clone()));
    }

    // PiSSA, arXiv:2404.02948, eq. 2 and 3: W = U·S·V;   A = √(Sᵣ/s)·Vᵣ,   B = Uᵣ·√(Sᵣ/s)
    private static (Tensor A, Tensor B) Pissa(Tensor weight, int rank, double scale)
    {
        var (u, s, v) = Decompose(weight);
        var root = (s.Narrow(0, 0, rank) / scale).Sqrt();                            // [r]
        return (v.Narrow(0, 0, rank) * root.Unsqueeze(1), u.Narrow(1, 0, rank) * root);
    }

    // OLoRA, arXiv:2406.01775, algorithm 1: W = Q·R;   A = the first rows of R,   B = the first columns of Q
    private static (Tensor A, Tensor B) Olora(Tensor weight, int rank)
    {
        var factors = Qr.CallMany(weight);
        return (factors[1].Narrow(0, 0, rank), factors[0].Narrow(1, 0, rank));
    }

    // MiCA, arXiv:2604.01694: B = left vectors of the smallest singular values,   A = 0
    private static (Tensor A, Tensor B) Mica(Tensor weight, int rank)
    {
        var (u, _, _) = Decompose(weight);
        return (Tensor.Zeros(DType.Float32, rank, weight.Size(1)), u.Narrow(1, u.Size(1) - rank, rank));
    }

    // A = (X·Q_odd)ᵀ/10,   B = (Y·Q_even)/10: rows of one orthogonal Q, so that B·A = 0
    private static (Tensor A, Tensor B) Orthogonal(Tensor weight, int rank, FreshDraws draws)
    {
        if (rank % 2 != 0)
        {
            throw new CheckpointException(
                $"adapter LORA: a start in orthogonal subspaces must have an even rank, got {rank}");
        }

        const double tenth = 0.1;
        var (outputs, inputs) = (weight.Size(0), weight.Size(1));
        var half = rank / 2;
        var all = draws.Normal([(long)rank * rank + ((inputs + outputs) * half)], 1);
        var q = Qr.CallMany(all.Narrow(0, 0, (long)rank * rank).View(rank, rank))[0];
        var x = all.Narrow(0, (long)rank * rank, inputs * half).View(inputs, half);
        var y = all.Narrow(0, ((long)rank * rank) + (inputs * half), outputs * half).View(outputs, half);
        var a = x.Matmul(q.Slice(0, 0, rank, 2)).Transpose(0, 1) * tenth;            // [r, in]
        var b = y.Matmul(q.Slice(0, 1, rank, 2)) * tenth;                            // [out, r]
        return (a, b);
    }

    private static (Tensor U, Tensor S, Tensor V) Decompose(Tensor weight)
    {
        var factors = Svd.CallMany(weight, false);
        return (factors[0], factors[1], factors[2]);
    }
}
