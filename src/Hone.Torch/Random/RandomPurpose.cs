namespace Hone.Torch.Random;

/// <summary>What random numbers are drawn for.</summary>
public enum RandomPurpose
{
    /// <summary>Initial weights; coordinates: parameter, element.</summary>
    Weights = 1,

    /// <summary>Order of examples; coordinates: epoch, position.</summary>
    Order = 2,

    /// <summary>Sampled tokens; coordinates: step, prompt, sample, token.</summary>
    Sampling = 3,

    /// <summary>Made-up problems and data; coordinates are the maker's own.</summary>
    Synthesis = 4,

    /// <summary>Resampling of statistics; coordinates: draw, element.</summary>
    Statistics = 5,

    /// <summary>Masks that a layer drops activations by; coordinates: step, layer, element.</summary>
    Dropout = 6,

    /// <summary>Initial weights of adapters; coordinates: parameter, element.</summary>
    Adapters = 7,
}
