using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Keys and values of all layers in pages, <c>[page, slot, kv_head, dim]</c> each. It grows as pages are taken.</summary>
/// <remarks>PagedAttention, arXiv:2309.06180.</remarks>
/// <param name="config">The model's sizes.</param>
/// <param name="type">The dtype of keys and values.</param>
/// <param name="pageSize">Tokens in a page.</param>
internal sealed class KeyValueCache(DecoderConfig config, DType type, int pageSize) : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)[] _layers = new (Tensor, Tensor)[config.Layers.Count];
    private int _pages;

    /// <summary>Bytes that a page takes in all layers.</summary>
    public static long PageBytes(DecoderConfig config, DType type, int pageSize) =>
        2L * config.Layers.Count * pageSize * config.Attention.KeyValueHeadCount * config.Attention.HeadSize * type.ByteSize();

    /// <summary>The pages of a layer.</summary>
    public (Tensor Keys, Tensor Values) Layer(int layer) => _layers[layer];

    /// <summary>Makes room for pages up to a count.</summary>
    public void Grow(int pages)
    {
        if (pages <= _pages)
        {
            return;
        }

        var grown = Math.Max(pages, Math.Max(64, 2 * _pages));
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = (Grown(_layers[i].Keys, grown), Grown(_layers[i].Values, grown));
        }

        _pages = grown;
    }

    /// <summary>Copies whole pages in all layers.</summary>
    public void Copy(List<(int From, int To)> copies)
    {
        if (copies.Count == 0)
        {
            return;
        }

        using var scope = TensorScope.Open();
        var from = Tensor.From<long>(copies.Select(copy => (long)copy.From).ToArray(), copies.Count);
        var to = Tensor.From<long>(copies.Select(copy => (long)copy.To).ToArray(), copies.Count);
        foreach (var (keys, values) in _layers)
        {
            keys.IndexCopyInPlace(0, to, keys.IndexSelect(0, from));
            values.IndexCopyInPlace(0, to, values.IndexSelect(0, from));
        }
    }

    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys?.Dispose();
            values?.Dispose();
        }
    }

    private Tensor Grown(Tensor? pages, int count)
    {
        using var scope = TensorScope.Open();
        var grown = TensorScope.Detach(
            Tensor.Empty(type, count, pageSize, config.Attention.KeyValueHeadCount, config.Attention.HeadSize));
        if (pages is not null)
        {
            grown.Narrow(0, 0, _pages).CopyFrom(pages);
            pages.Dispose();
        }

        return grown;
    }
}
