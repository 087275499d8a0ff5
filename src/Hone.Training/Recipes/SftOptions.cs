using Hone.Data;

namespace Hone.Training.Recipes;

/// <summary>Supervised fine-tuning: the model learns to continue rows as they are written.</summary>
public sealed record SftOptions : MethodOptions
{
    /// <summary>What is minimised for each trained token.</summary>
    public SftLoss Loss { get; init; } = SftLoss.Nll;

    /// <summary>The share of each target that is spread evenly over the vocabulary (arXiv:1512.00567).</summary>
    [Interval("[0, 1)")]
    public double LabelSmoothing { get; init; }

    /// <summary>Which tokens are trained.</summary>
    public TrainOn TrainOn { get; init; } = TrainOn.Completion;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (Loss == SftLoss.Dft && LabelSmoothing > 0)
        {
            yield return $"label_smoothing: must be 0 when loss is dft, got {LabelSmoothing}";
        }
    }
}

/// <summary>The loss of a trained token.</summary>
public enum SftLoss
{
    /// <summary>−log p: the negative log-likelihood.</summary>
    Nll,

    /// <summary>−sg(p) · log p: dynamic fine-tuning (arXiv:2508.05629), which does not chase tokens that the model
    /// finds improbable.</summary>
    Dft,
}
