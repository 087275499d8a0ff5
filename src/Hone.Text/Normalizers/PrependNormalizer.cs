using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Puts a fixed text before a text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);

    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        if (source.Length == 0 || _prefix.Length == 0)
        {
            return false;
        }

        target.AppendLike(_prefix, source, 0);
        target.Append(source, 0, source.Length);
        return true;
    }
}
