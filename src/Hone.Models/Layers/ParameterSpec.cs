namespace Hone.Models.Layers;

/// <summary>A parameter that a decoder needs.</summary>
/// <param name="Name">Its Hugging Face name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Fresh">What it is made of when a model is made from nothing.</param>
/// <param name="Trainable">Whether gradients reach it; a buffer that only stands in the file has none.</param>
internal sealed record ParameterSpec(string Name, long[] Shape, FreshValue Fresh, bool Trainable = true);

/// <summary>Values of a fresh parameter.</summary>
internal enum FreshValue
{
    /// <summary>Drawn from a normal distribution.</summary>
    Normal,

    /// <summary>All 1.</summary>
    One,

    /// <summary>All 0.</summary>
    Zero,
}
