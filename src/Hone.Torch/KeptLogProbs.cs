namespace Hone.Torch;

/// <summary>Log-probs of a few targets whose products with the head are kept until the gradients are known, so that
/// each product of the head runs once.</summary>
/// <remarks><see cref="Fused.LinearLogProbs"/> computes the same for any number of targets, at the price of a second
/// product.</remarks>
public sealed class KeptLogProbs
{
    private static readonly Operator LogProbsOp = Operator.Find("hone::product_log_probs");
    private static readonly Operator SlopesOp = Operator.Find("hone::product_slopes_");

    private readonly LogitTerms _terms;
    private readonly Tensor _hidden;
    private readonly Tensor _weight;
    private readonly Tensor _targets;
    private readonly Tensor _products;
    private readonly Tensor _largest;
    private readonly Tensor _logSum;

    /// <summary>Multiplies, and reads the log-probs; the tensors belong to the scope that is open.</summary>
    /// <param name="hidden"><c>[token, hidden]</c>.</param>
    /// <param name="weight"><c>[vocab, hidden]</c>, of the dtype of <paramref name="hidden"/>.</param>
    /// <param name="targets">int64 <c>[token]</c>, each an id of the vocabulary.</param>
    /// <param name="terms">How products become logits.</param>
    public KeptLogProbs(Tensor hidden, Tensor weight, Tensor targets, LogitTerms terms)
    {
        using var still = Autograd.NoGrad();
        (_terms, _hidden, _weight, _targets) = (terms, hidden, weight, targets);
        _products = Fused.MatrixProduct(hidden.Detach(), weight.Detach().Transpose(0, 1)); // [token, vocab]
        var found = LogProbsOp.CallMany(_products, targets, terms.Temperature, terms.Scale, terms.SoftCap);
        Scores = new TokenLogProbs(found[0], found[1], found[2], found[3], found[4]);
        (_largest, _logSum) = (found[5], found[6]);
        Scores.LogProbs.RequiresGrad = true;
        Scores.Entropy.RequiresGrad = true;
    }

    /// <summary>What the products say of each target. Log-probs and entropies are leaves, whose gradients
    /// <see cref="Slopes"/> takes.</summary>
    public TokenLogProbs Scores { get; }

    /// <summary>How many targets may be kept at once: 64 MiB of products, and no fewer than 64.</summary>
    /// <param name="vocabulary">Rows of the head.</param>
    /// <param name="dtype">The dtype of products.</param>
    public static int TargetsAtOnce(long vocabulary, DType dtype) =>
        (int)Math.Clamp((64 << 20) / dtype.ByteSize() / vocabulary, 64, 2048);

    /// <summary>
    /// The gradients of the loss with respect to the products, <c>[token, vocab]</c>; the products are gone. Call once.
    /// </summary>
    public Tensor Slopes()
    {
        using var still = Autograd.NoGrad();
        SlopesOp.Run(
            _products,
            _targets,
            _largest,
            _logSum,
            Scores.Entropy,
            Scores.LogProbs.Grad,
            Scores.Entropy.Grad,
            _terms.Temperature,
            _terms.Scale,
            _terms.SoftCap);
        return _products;
    }

    /// <summary>The gradient with respect to the hidden states, <c>[token, hidden]</c>.</summary>
    /// <param name="slopes">What <see cref="Slopes"/> gave.</param>
    public Tensor HiddenGradient(Tensor slopes)
    {
        using var still = Autograd.NoGrad();
        return Fused.MatrixProduct(slopes, _weight.Detach());
    }

    /// <summary>The gradient with respect to the head, <c>[vocab, hidden]</c>.</summary>
    /// <param name="slopes">What <see cref="Slopes"/> gave.</param>
    public Tensor WeightGradient(Tensor slopes)
    {
        using var still = Autograd.NoGrad();
        return slopes.Transpose(0, 1).Matmul(_hidden.Detach());
    }

    /// <summary>Adds <see cref="WeightGradient"/> to the gradient of the leaf that the head reads.</summary>
    /// <param name="leaf"><c>[vocab, hidden]</c>.</param>
    /// <param name="slopes">What <see cref="Slopes"/> gave.</param>
    public void AddWeightGradient(Tensor leaf, Tensor slopes)
    {
        using var still = Autograd.NoGrad();
        Fused.AddProductGradient(leaf, slopes.Transpose(0, 1), _hidden.Detach());
    }
}

/// <summary>How a product x with a row of the head becomes a logit: cap(scale · x) / temperature.</summary>
/// <param name="Temperature">Divides the logits; above 0.</param>
/// <param name="Scale">Multiplies the products before the cap.</param>
/// <param name="SoftCap">c of c · tanh(z / c); 0 for none.</param>
public readonly record struct LogitTerms(double Temperature = 1, double Scale = 1, double SoftCap = 0);
