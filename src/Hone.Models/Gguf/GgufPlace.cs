namespace Hone.Models.Gguf;

/// <summary>Where a weight is in a GGUF file.</summary>
/// <param name="Weight">Its Hugging Face name.</param>
/// <param name="Tensor">The tensor's name in the file.</param>
/// <param name="Layout">How its numbers stand there.</param>
/// <param name="Heads">Heads whose rows are in another order; 0 where that does not matter.</param>
/// <param name="Slice">Which part of the tensor it is, where experts share one; −1 for all of it.</param>
internal sealed record GgufPlace(
    string Weight, string Tensor, GgufLayout Layout = GgufLayout.Same, int Heads = 0, int Slice = -1);

/// <summary>How the numbers of a GGUF tensor stand, compared with the Hugging Face layout.</summary>
internal enum GgufLayout
{
    /// <summary>Alike.</summary>
    Same,

    /// <summary>The two rows of a head that turn together stand side by side, and not half a head apart.</summary>
    NeighboursTurn,

    /// <summary>1 is added to each number.</summary>
    PlusOne,

    /// <summary>Rows are columns.</summary>
    Transposed,
}
