namespace Hone.Models.Layers;

/// <summary>The parts of a decoder, in the order in which tokens go through them.</summary>
/// <param name="Embedding">The embeddings of tokens.</param>
/// <param name="Layers">The layers.</param>
/// <param name="FinalNorm">The last normalisation.</param>
/// <param name="Head">What predicts; the embedding where they are tied.</param>
/// <param name="Rotations">How positions turn queries and keys.</param>
internal sealed record DecoderParts(
    Parameter Embedding, IReadOnlyList<DecoderLayer> Layers, INorm FinalNorm, Parameter Head,
    DecoderRotations Rotations);
