using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> parts) : INormalizer
{
    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var current = source;
        var next = target;
        foreach (var part in parts)
        {
            if (part.Rewrite(current, next))
            {
                // The source belongs to the caller; from the second change on two texts take turns.
                var spare = ReferenceEquals(current, source) ? new AlignedText() : current;
                spare.Clear(source.Tracks);
                (current, next) = (next, spare);
            }
        }

        if (!ReferenceEquals(current, source) && !ReferenceEquals(current, target))
        {
            target.Clear(source.Tracks);
            target.Append(current, 0, current.Length);
        }

        return !ReferenceEquals(current, source);
    }
}
