using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Layers;

/// <summary>Puts a decoder's modules together from its parameters.</summary>
/// <param name="config">The configuration.</param>
/// <param name="names">The family's names.</param>
/// <param name="layout">The parameters' names.</param>
/// <param name="parameters">The parameters.</param>
internal sealed class DecoderParts(DecoderConfig config, DecoderNames names, DecoderLayout layout, ParameterSet parameters)
{
    public Norm FinalNorm() => Norm(names.FinalNorm);

    public DecoderLayer Layer(int index)
    {
        var prefix = layout.Prefix(index);
        var (attention, feedForward) = (config.Attention, config.FeedForward);
        long queryRows = attention.HeadCount * attention.HeadSize;
        long keyRows = attention.KeyValueHeadCount * attention.HeadSize;
        return new DecoderLayer(
            config,
            Norm(prefix + names.AttentionNorm),
            new AttentionPart(
                index, config,
                Joined(prefix + JoinNames.Attention, attention.InputBias,
                    (prefix + names.Query, queryRows), (prefix + names.Key, keyRows), (prefix + names.Value, keyRows)),
                Matrix(prefix + names.Output, attention.OutputBias)),
            Norm(prefix + names.FeedForwardNorm),
            new FeedForwardPart(
                feedForward.Activation,
                Joined(prefix + JoinNames.FeedForward, feedForward.Bias,
                    (prefix + names.Gate, feedForward.InnerSize), (prefix + names.Up, feedForward.InnerSize)),
                Matrix(prefix + names.Down, feedForward.Bias)));
    }

    private Norm Norm(string name) => new(config.Norm.Kind, config.Norm.Epsilon, parameters[$"{name}.weight"], null);

    private Linear Matrix(string name, bool bias) => new(name, parameters[$"{name}.weight"], bias ? parameters[$"{name}.bias"] : null);

    private JoinedLinear Joined(string join, bool bias, params (string Name, long Rows)[] parts) => new(
        Array.ConvertAll(parts, part => Matrix(part.Name, bias)),
        Array.ConvertAll(parts, part => part.Rows),
        parameters.Joined($"{join}.weight"),
        bias ? parameters.Joined($"{join}.bias") : null);
}
