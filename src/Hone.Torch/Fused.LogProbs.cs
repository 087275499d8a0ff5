namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator LinearLogProbsOp = Operator.Find("hone::linear_log_probs");

    /// <summary>Log-probability of each target and entropy of each distribution, straight from hidden states.</summary>
    /// <remarks>
    /// z = cap(scale · (hidden · weightᵀ + bias)) / temperature. The logits of a chunk of tokens exist at a time, never
    /// <c>[token, vocab]</c>; backward makes them again, for the gradients of both <see cref="TokenLogProbs.LogProbs"/>
    /// and <see cref="TokenLogProbs.Entropy"/>. A weight or a hidden state that takes no gradient costs none.
    /// </remarks>
    /// <param name="hidden"><c>[token, hidden]</c>.</param>
    /// <param name="weight"><c>[vocab, hidden]</c>, of the dtype of <paramref name="hidden"/>.</param>
    /// <param name="targets">int64 <c>[token]</c>. Where it is negative nothing is computed: values 0, top -1, no
    /// gradient.</param>
    /// <param name="temperature">Divides the logits; above 0.</param>
    /// <param name="scale">Multiplies the products before the cap.</param>
    /// <param name="softcap">Logits z become softcap · tanh(z / softcap); 0: they stay.</param>
    /// <param name="bias"><c>[vocab]</c>, or none.</param>
    public static TokenLogProbs LinearLogProbs(
        Tensor hidden,
        Tensor weight,
        Tensor targets,
        double temperature = 1,
        double scale = 1,
        double softcap = 0,
        Tensor? bias = null) =>
        LinearLogProbsOp.CallMany(hidden, weight, targets, temperature, scale, softcap, bias)
            is [var p, var h, var s, var m, var t]
            ? new TokenLogProbs(p, h, s, m, t)
            : throw new TorchException($"{LinearLogProbsOp}: must give five tensors");
}
