using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>The fused operators as compositions, until there are fused ones.</summary>
internal static class Fused
{
    public static Tensor RmsNorm(Tensor x, Tensor weight, double epsilon)
    {
        var v = x.To(DType.Float32);
        return (v * ((v * v).Mean(-1, keepDim: true) + epsilon).Rsqrt() * weight.To(DType.Float32)).To(x.DType);
    }

    public static Tensor Rotary(Tensor x, Tensor cos, Tensor sin, Tensor positions)
    {
        var half = cos.Size(1);
        var (c, s) = (cos.IndexSelect(0, positions).Unsqueeze(1), sin.IndexSelect(0, positions).Unsqueeze(1));
        var (a, b) = (x.Narrow(-1, 0, half), x.Narrow(-1, half, half));
        return Tensor.Cat([(a * c) - (b * s), (b * c) + (a * s), x.Narrow(-1, 2 * half, x.Size(2) - (2 * half))], -1).To(x.DType);
    }

    public static Tensor SwiGlu(Tensor gate, Tensor up) => gate.Silu() * up;

    public static Tensor SegmentAttention(
        Tensor q, Tensor k, Tensor v, Tensor starts, double scale, long window = 0, double softcap = 0)
    {
        var at = starts.AsSpan<long>();
        var parts = new Tensor[at.Length - 1];
        for (var i = 0; i < parts.Length; i++)
        {
            var (start, count) = (at[i], at[i + 1] - at[i]);
            parts[i] = Attend(q.Narrow(0, start, count), k.Narrow(0, start, count), v.Narrow(0, start, count), scale, window, softcap);
        }

        return Tensor.Cat(parts);
    }

    public static Tensor PagedAttention(
        Tensor q, Tensor kPages, Tensor vPages, Tensor blockTable, Tensor queryStarts, Tensor contextLengths,
        double scale, long window = 0, double softcap = 0)
    {
        var starts = queryStarts.AsSpan<int>();
        var parts = new Tensor[starts.Length - 1];
        for (var i = 0; i < parts.Length; i++)
        {
            var length = contextLengths.AsSpan<int>()[i];
            var pages = (length + kPages.Size(1) - 1) / kPages.Size(1);
            var table = blockTable.Select(0, i).Narrow(0, 0, pages).To(DType.Int64);
            var k = kPages.IndexSelect(0, table).Reshape(-1, kPages.Size(2), kPages.Size(3)).Narrow(0, 0, length);
            var v = vPages.IndexSelect(0, table).Reshape(-1, vPages.Size(2), vPages.Size(3)).Narrow(0, 0, length);
            parts[i] = Attend(q.Narrow(0, starts[i], starts[i + 1] - starts[i]), k, v, scale, window, softcap);
        }

        return Tensor.Cat(parts);
    }

    public static void PagedStore(Tensor k, Tensor v, Tensor kPages, Tensor vPages, Tensor slots)
    {
        kPages.View(-1, kPages.Size(2), kPages.Size(3)).IndexCopyInPlace(0, slots, k);
        vPages.View(-1, vPages.Size(2), vPages.Size(3)).IndexCopyInPlace(0, slots, v);
    }

    public static (Tensor LogProbs, Tensor Entropy) LinearLogProbs(Tensor hidden, Tensor weight, Tensor targets, double temperature = 1)
    {
        var logProbs = (hidden.Linear(weight).To(DType.Float32) / temperature).LogSoftmax(-1);
        return (logProbs.Gather(1, targets.Unsqueeze(1)).Squeeze(1), -(logProbs.Exp() * logProbs).Sum(-1));
    }

    private static Tensor Attend(Tensor q, Tensor k, Tensor v, double scale, long window, double softcap)
    {
        var group = q.Size(1) / k.Size(1);
        var queries = q.Permute(1, 0, 2);
        var keys = k.Permute(1, 0, 2).RepeatInterleave(group, 0);
        var values = v.Permute(1, 0, 2).RepeatInterleave(group, 0);
        var scores = queries.Matmul(keys.Transpose(1, 2)) * scale;
        scores = softcap == 0 ? scores : (scores / softcap).Tanh() * softcap;
        var (count, length) = (q.Size(0), k.Size(0));
        var seen = Tensor.Ones(DType.Float32, count, length).LowerTriangle(length - count);
        seen = window == 0 ? seen : seen.UpperTriangle(length - count - window + 1);
        return scores.To(DType.Float32).MaskedFill(seen.EqualTo(0), double.NegativeInfinity).Softmax(-1).To(q.DType).Matmul(values).Permute(1, 0, 2);
    }
}
