using Hone.Text.Pipeline;
using Hone.Text.PreTokenizers;

namespace Hone.Text.Normalizers;

/// <summary>Writes each byte as its letter of the byte alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        ByteLevelLetters.Rewrite(source, new Piece(0, source.Length), target);
        return source.Length > 0;
    }
}
