using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Makes queries, keys and values of activations.</summary>
internal interface IAttentionInputs
{
    /// <summary>Queries <c>[token, head, dim]</c>, keys and values <c>[token, kv_head, dim]</c>, rotated.</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Apply(Tensor x, Rotation? rotation);
}

/// <summary>Projections to whole heads.</summary>
internal sealed class HeadInputs(AttentionConfig heads, IProjections projections, INorm queryNorm, INorm keyNorm)
    : IAttentionInputs
{
    public IProjections Projections => projections;

    public INorm QueryNorm => queryNorm;

    public INorm KeyNorm => keyNorm;

    public (Tensor Query, Tensor Key, Tensor Value) Apply(Tensor x, Rotation? rotation)
    {
        var tokens = x.Size(0);
        var projected = projections.Apply(x);
        var query = queryNorm.Apply(projected[0].View(tokens, heads.HeadCount, heads.HeadSize)); // [token, head, dim]
        var key = keyNorm.Apply(projected[1].View(tokens, heads.KeyValueHeadCount, heads.HeadSize)); // [token, kv_head, dim]
        var value = projected[2].View(tokens, heads.KeyValueHeadCount, heads.HeadSize); // [token, kv_head, dim]
        return rotation is null ? (query, key, value) : (rotation.Turn(query), rotation.Turn(key), value);
    }
}

/// <summary>
/// Keys and values through one latent vector, DeepSeek-V2, arXiv:2405.04434, eq. 9 to 13 and 14 to 19.
/// </summary>
/// <param name="heads">The sizes.</param>
/// <param name="query">To queries, or to the vector that <paramref name="queryUp"/> makes them of.</param>
/// <param name="queryNorm">Of that vector.</param>
/// <param name="queryUp">From it to queries; null where there is no such vector.</param>
/// <param name="latent">To the latent vector and the part of keys that turns.</param>
/// <param name="latentNorm">Of the latent vector.</param>
/// <param name="latentUp">From it to the rest of keys, and to values.</param>
internal sealed class LatentInputs(
    AttentionConfig heads, Linear query, INorm queryNorm, Linear? queryUp, Linear latent, INorm latentNorm,
    Linear latentUp) : IAttentionInputs
{
    private readonly LatentConfig _sizes =
        heads.Latent ?? throw new ArgumentException("latent attention needs its sizes");

    public (Tensor Query, Tensor Key, Tensor Value) Apply(Tensor x, Rotation? rotation)
    {
        var (tokens, count) = (x.Size(0), heads.HeadCount);
        var projected = queryUp is null ? query.Apply(x) : queryUp.Apply(queryNorm.Apply(query.Apply(x)));
        var queries = projected.View(tokens, count, heads.HeadSize); // [token, head, dim]

        var squeezed = latent.Apply(x); // [token, rank + turning]
        var turning = squeezed.Narrow(1, _sizes.KeyValueRank, _sizes.RotarySize).View(tokens, 1, _sizes.RotarySize);
        var raised = latentUp.Apply(latentNorm.Apply(squeezed.Narrow(1, 0, _sizes.KeyValueRank).Contiguous()))
            .View(tokens, count, _sizes.PlainSize + _sizes.ValueSize); // [token, head, plain + value]

        var keys = Tensor.Cat(
            [raised.Narrow(2, 0, _sizes.PlainSize), Turn(turning, rotation).Expand(tokens, count, _sizes.RotarySize)],
            2);
        var rotated = Tensor.Cat(
            [queries.Narrow(2, 0, _sizes.PlainSize),
                Turn(queries.Narrow(2, _sizes.PlainSize, _sizes.RotarySize), rotation)], 2);
        return (rotated, keys, Padded(raised.Narrow(2, _sizes.PlainSize, _sizes.ValueSize)));
    }

    // Neighbouring pairs brought to halves: queries and keys alike, so that scores are those of turning the pairs in
    // place.
    private Tensor Turn(Tensor x, Rotation? rotation)
    {
        var (tokens, count, half) = (x.Size(0), x.Size(1), _sizes.RotarySize / 2);
        var halves = x.Reshape(tokens, count, half, 2).Transpose(2, 3).Reshape(tokens, count, _sizes.RotarySize);
        return rotation is null ? halves : rotation.Turn(halves);
    }

    // Values as wide as keys, so that both go into the same kind of pages; what is added is cut off after attention.
    private Tensor Padded(Tensor value)
    {
        var missing = heads.HeadSize - _sizes.ValueSize;
        return missing == 0
            ? value : Tensor.Cat([value, Tensor.Zeros(value.DType, value.Size(0), value.Size(1), missing)], 2);
    }
}
