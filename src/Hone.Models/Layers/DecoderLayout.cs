using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Layers;

/// <summary>Which parameters a configuration asks for, by the names of its family, in a fixed order.</summary>
/// <param name="config">The configuration.</param>
/// <param name="names">The family's names.</param>
internal sealed class DecoderLayout(DecoderConfig config, DecoderNames names)
{
    private readonly int _queryRows = config.Attention.HeadCount * config.Attention.HeadSize;
    private readonly int _keyRows = config.Attention.KeyValueHeadCount * config.Attention.HeadSize;

    /// <summary>The embedding matrix.</summary>
    public string Embedding => $"{names.Embedding}.weight";

    /// <summary>The head, where it is a matrix of its own.</summary>
    public string Head => $"{names.Head}.weight";

    /// <summary>What stands before the names of a layer's modules.</summary>
    public string Prefix(int layer) => $"{names.LayerPrefix}{layer}.";

    /// <summary>All parameters.</summary>
    public IEnumerable<ParameterSpec> Parameters()
    {
        yield return new ParameterSpec(Embedding, [config.VocabularySize, config.HiddenSize], FreshValue.Normal);
        foreach (var spec in Enumerable.Range(0, config.Layers.Count).SelectMany(Layer))
        {
            yield return spec;
        }

        foreach (var spec in Norm(names.FinalNorm, config.HiddenSize))
        {
            yield return spec;
        }

        if (!config.TiedHead)
        {
            yield return new ParameterSpec(Head, [config.VocabularySize, config.HiddenSize], FreshValue.Normal);
        }
    }

    private IEnumerable<ParameterSpec> Layer(int layer)
    {
        var prefix = Prefix(layer);
        var (hidden, inner) = (config.HiddenSize, config.FeedForward.InnerSize);
        var (attention, feedForward) = (config.Attention, config.FeedForward);
        return
        [
            .. Norm(prefix + names.AttentionNorm, hidden),
            .. Joined(
                prefix + JoinNames.Attention, attention.InputBias, hidden,
                (prefix + names.Query, _queryRows), (prefix + names.Key, _keyRows), (prefix + names.Value, _keyRows)),
            .. Matrix(prefix + names.Output, hidden, _queryRows, attention.OutputBias),
            .. Norm(prefix + names.FeedForwardNorm, hidden),
            .. Joined(
                prefix + JoinNames.FeedForward, feedForward.Bias, hidden,
                (prefix + names.Gate, inner), (prefix + names.Up, inner)),
            .. Matrix(prefix + names.Down, hidden, inner, feedForward.Bias),
        ];
    }

    private static IEnumerable<ParameterSpec> Norm(string name, int size) => [new($"{name}.weight", [size], FreshValue.One)];

    private static IEnumerable<ParameterSpec> Matrix(string name, int rows, int columns, bool bias)
    {
        yield return new ParameterSpec($"{name}.weight", [rows, columns], FreshValue.Normal);
        if (bias)
        {
            yield return new ParameterSpec($"{name}.bias", [rows], FreshValue.Zero);
        }
    }

    private static IEnumerable<ParameterSpec> Joined(string join, bool bias, int columns, params (string Name, int Rows)[] parts)
    {
        var weights = parts.Select(part => new ParameterSpec($"{part.Name}.weight", [part.Rows, columns], FreshValue.Normal, $"{join}.weight"));
        var biases = parts.Select(part => new ParameterSpec($"{part.Name}.bias", [part.Rows], FreshValue.Zero, $"{join}.bias"));
        return bias ? weights.Concat(biases) : weights;
    }
}

/// <summary>What joined projections are called.</summary>
internal static class JoinNames
{
    public const string Attention = "attention.qkv";

    public const string FeedForward = "mlp.gate_up";
}
