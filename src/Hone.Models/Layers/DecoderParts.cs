namespace Hone.Models.Layers;

/// <summary>The parts of a decoder, in the order in which tokens go through them.</summary>
/// <param name="Embedding">The embeddings of tokens.</param>
/// <param name="Layers">The layers.</param>
/// <param name="FinalNorm">The last normalisation.</param>
/// <param name="Head">What predicts; the embedding where they are tied.</param>
/// <param name="Rotary">The main rotation, or null.</param>
/// <param name="LocalRotary">The rotation of layers with a window, or null.</param>
internal sealed record DecoderParts(
    Parameter Embedding, IReadOnlyList<DecoderLayer> Layers, INorm FinalNorm, Parameter Head, RotaryTable? Rotary,
    RotaryTable? LocalRotary);
