using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>The adapters of one pass through the decoder: one combination for all tokens, or one for some of them
/// each.</summary>
internal sealed class AdapterPass
{
    private readonly AdapterShare[] _shares;
    private readonly DropoutKey? _dropout;

    private AdapterPass(AdapterShare[] shares, DropoutKey? dropout) => (_shares, _dropout) = (shares, dropout);

    /// <summary>One combination for all tokens; null where it changes nothing.</summary>
    public static AdapterPass? Of(AdapterCombination adapters, DropoutKey? dropout = null) =>
        adapters.IsNone ? null : new AdapterPass([new AdapterShare(adapters, null)], dropout);

    /// <summary>A combination for each of the tokens given; null where none changes anything.</summary>
    /// <param name="uses">The combinations, and how many tokens in a row each has.</param>
    public static AdapterPass? Of(IReadOnlyList<(AdapterCombination Adapters, int Tokens)> uses)
    {
        var first = uses.Count == 0 ? AdapterCombination.None : uses[0].Adapters;
        if (uses.All(use => ReferenceEquals(use.Adapters, first)))
        {
            return Of(first);
        }

        var tokens = new OrderedDictionary<AdapterCombination, List<long>>();
        var start = 0;
        foreach (var (adapters, count) in uses)
        {
            if (!adapters.IsNone)
            {
                tokens.TryAdd(adapters, []);
                tokens[adapters].AddRange(Enumerable.Range(start, count).Select(token => (long)token));
            }

            start += count;
        }

        return tokens.Count == 0 ? null : new AdapterPass(
            [.. tokens.Select(share => new AdapterShare(share.Key, [.. share.Value]))], null);
    }

    /// <summary>What a module gives with the parts that adapters have on it.</summary>
    /// <param name="module">The module's name.</param>
    /// <param name="input">What goes into it, a row for each token.</param>
    /// <param name="plain">The module by itself.</param>
    /// <param name="given">What it gives by itself for <paramref name="input"/>, where that is known already.</param>
    public Tensor Apply(string module, Tensor input, Func<Tensor, Tensor> plain, Tensor? given = null)
    {
        Tensor Once(Tensor x) => ReferenceEquals(x, input) ? given ??= plain(x) : plain(x);

        foreach (var share in _shares)
        {
            if (share.Adapters.PartsOf(module) is not [_, ..] parts)
            {
                continue;
            }

            if (share.Rows is null)
            {
                return Chain(parts, Once, _dropout)(input);
            }

            // Only some tokens have these parts: their rows are taken out, changed and put back.
            var all = Once(input);
            var (rows, before) = (input.IndexSelect(0, share.Rows), all.IndexSelect(0, share.Rows));
            given = all.IndexCopy(
                0, share.Rows, Chain(parts, x => ReferenceEquals(x, rows) ? before : plain(x), null)(rows));
        }

        return Once(input);
    }

    /// <summary>What a half of a layer gives, with what adapters add to it; each of them sees the half as it is by
    /// itself.</summary>
    /// <param name="place">Which half.</param>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="stream">The residual stream before the half, <c>[token, hidden]</c>.</param>
    /// <param name="output">What the half gives, <c>[token, hidden]</c>.</param>
    public Tensor After(LayerPlace place, int layer, Tensor stream, Tensor output)
    {
        var result = output;
        foreach (var share in _shares)
        {
            if (share.Adapters.LayerParts(place, layer) is not [_, ..] parts)
            {
                continue;
            }

            if (share.Rows is null)
            {
                return parts.Aggregate(
                    output, (all, part) => all + part.Part.Apply(stream, output, new PartUse(part.Weight, _dropout)));
            }

            var (rowsOfStream, rowsOfOutput) = (stream.IndexSelect(0, share.Rows), output.IndexSelect(0, share.Rows));
            var rows = parts.Aggregate(
                rowsOfOutput, (all, part) =>
                    all + part.Part.Apply(rowsOfStream, rowsOfOutput, new PartUse(part.Weight, null)));
            result = result.IndexCopy(0, share.Rows, rows);
        }

        return result;
    }

    /// <summary>The same adapters for a pass over some of the tokens, as an expert makes it.</summary>
    /// <param name="tokens">The tokens, each by its place in this pass.</param>
    public AdapterPass Among(long[] tokens) =>
        new([.. _shares.Select(share => share.Among(tokens)).OfType<AdapterShare>()], _dropout?.Among(tokens));

    private static Func<Tensor, Tensor> Chain(
        IReadOnlyList<(IModulePart Part, double Weight)> parts, Func<Tensor, Tensor> module, DropoutKey? dropout)
    {
        foreach (var (part, weight) in parts)
        {
            var inner = module;
            module = x => part.Apply(x, inner, new PartUse(weight, dropout));
        }

        return module;
    }
}
