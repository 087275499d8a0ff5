using System.Runtime.InteropServices;

namespace Hone.Torch;

/// <summary>The tokens that are to be chosen in one call.</summary>
public sealed class TokenChoices
{
    private const int Reals = 8;
    private const int Integers = 7;

    private readonly List<double> _reals = [];
    private readonly List<long> _integers = [];
    private readonly List<int> _tokens = [];

    /// <summary>How many there are.</summary>
    public int Count => _reals.Count / Reals;

    /// <summary>Adds one.</summary>
    /// <param name="choice">How it is chosen.</param>
    /// <param name="text">The tokens so far; may be empty where there are no penalties.</param>
    /// <param name="promptLength">How many of them were given rather than generated.</param>
    /// <param name="banned">Tokens that cannot be chosen.</param>
    public void Add(in TokenChoice choice, ReadOnlySpan<int> text, int promptLength, ReadOnlySpan<int> banned)
    {
        // The order of native/kernels/decoder/choices.cpp.
        _reals.AddRange(
        [
            choice.Temperature, choice.TopP, choice.MinP, choice.RepetitionPenalty, choice.FrequencyPenalty,
            choice.PresencePenalty, choice.Uniform, choice.LogProbTemperature,
        ]);
        _integers.AddRange(
            [choice.Row, choice.TopK, _tokens.Count, text.Length, promptLength, _tokens.Count + text.Length,
                banned.Length]);
        _tokens.AddRange(text);
        _tokens.AddRange(banned);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _reals.Clear();
        _integers.Clear();
        _tokens.Clear();
    }

    internal Tensor RealTensor() => Tensor.From<double>(CollectionsMarshal.AsSpan(_reals), Count, Reals);

    internal Tensor IntegerTensor() => Tensor.From<long>(CollectionsMarshal.AsSpan(_integers), Count, Integers);

    internal Tensor TokenTensor() => Tensor.From<int>(CollectionsMarshal.AsSpan(_tokens), _tokens.Count);
}
