using Hone.Models.Adapters;

namespace Hone.Models.Generation;

/// <summary>The ways through a model: the fused step where it covers it, composed operators for the rest.</summary>
internal sealed class StepLanes : IDisposable
{
    private readonly FusedStep? _fusedStep;
    private readonly StepLane? _fused;
    private readonly StepLane _composed;

    /// <summary>Finds the ways.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="options">What is asked for.</param>
    public StepLanes(Decoder decoder, EngineOptions options)
    {
        var vocabulary = decoder.Config.VocabularySize;
        _composed = new StepLane(new ComposedStep(decoder), vocabulary);
        _fusedStep =
            GenerationPath.Of(decoder, options).IsFused ? new FusedStep(decoder, options.Weights) : null;
        _fused = _fusedStep is null ? null : new StepLane(_fusedStep, vocabulary);
    }

    /// <summary>Tokens that wait to be computed.</summary>
    public int Tokens => (_fused?.Tokens ?? 0) + _composed.Tokens;

    /// <summary>The way of sequences with these adapters, of which the fused step does not know every kind.</summary>
    public StepLane Of(AdapterCombination adapters) =>
        _fused is not null && _fusedStep!.Covers(adapters) ? _fused : _composed;

    /// <summary>Computes what was added and hands out the chosen tokens.</summary>
    public void Run(KeyValueCache cache, Action<RunningCompletion, SampledToken> accept)
    {
        _fused?.Run(cache, accept);
        _composed.Run(cache, accept);
    }

    public void Dispose() => _fusedStep?.Dispose();
}
