using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models;

/// <summary>What predicts from a decoder's activations: tokens, or labels where it scores.</summary>
public sealed class DecoderHead
{
    private readonly Linear _linear;
    private readonly DecoderConfig _config;
    private readonly AdapterRack _adapters;
    private readonly AdapterSwitch _inForce;

    internal DecoderHead(Linear linear, DecoderConfig config, AdapterRack adapters, AdapterSwitch inForce) =>
        (_linear, _config, _adapters, _inForce) = (linear, config, adapters, inForce);

    /// <summary>Its matrix in the compute dtype with what adapters make of it, <c>[vocab, hidden]</c>;
    /// <c>[label, hidden]</c> where it scores labels.</summary>
    public Tensor Weight => _adapters.Active.PartsOf(_linear.Name) is [_, ..] parts
        ? parts.Aggregate(_linear.Weights(), (weights, part) => part.Part.Merge(weights, part.Weight)).Weight.To(
            _linear.Weight.ComputeType)
        : _linear.Weight.Compute();

    /// <summary>The weight that <see cref="Weight"/> reads and nothing else, where it is trained; else null.</summary>
    public Tensor? TrainedWeight =>
        _adapters.Active.PartsOf(_linear.Name) is [] && _linear.Weight.Value is { RequiresGrad: true } weight
            ? weight
            : null;

    /// <summary>The logits of activations, <c>[token, vocab]</c>, or their scores, <c>[token, label]</c>. For a few
    /// tokens: a whole batch wants <see cref="LogProbs"/>.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    public Tensor Logits(Tensor hidden) => Logits(hidden, AdapterPass.Of(_adapters.Active));

    /// <summary>The logits of activations under given adapters, <c>[token, vocab]</c>.</summary>
    internal Tensor Logits(Tensor hidden, AdapterPass? adapters)
    {
        using var adapted = _inForce.Enter(adapters);
        var logits = _linear.Apply(hidden);
        if (_config.Labels is not null)
        {
            return logits; // scaling and caps are for tokens
        }

        logits = _config.LogitDivisor == 1 ? logits : logits / _config.LogitDivisor;
        return _config.LogitSoftCap == 0 ? logits : (logits / _config.LogitSoftCap).Tanh() * _config.LogitSoftCap;
    }

    /// <summary>Log-probability of each target and entropy of each prediction, without the matrix of logits.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    /// <param name="targets">What each token should predict, int64 <c>[token]</c>.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <returns>Each <c>[token]</c>; log-probs and entropies are differentiable.</returns>
    public TokenLogProbs LogProbs(Tensor hidden, Tensor targets, double temperature = 1)
    {
        var terms = TermsAt(temperature);
        return Fused.LinearLogProbs(hidden, Weight, targets, terms.Temperature, terms.Scale, terms.SoftCap);
    }

    /// <summary>How products with <see cref="Weight"/> become logits.</summary>
    /// <param name="temperature">What logits are divided by.</param>
    public LogitTerms TermsAt(double temperature) => new(temperature, 1 / _config.LogitDivisor, _config.LogitSoftCap);
}
