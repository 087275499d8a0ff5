namespace Hone.Text.Pipeline;

/// <summary>Changes text before it is cut.</summary>
internal interface INormalizer
{
    /// <summary>Writes the changed text to <paramref name="target"/>, which is empty. Returns false, and leaves it
    /// empty, when nothing changes.</summary>
    public bool Rewrite(AlignedText source, AlignedText target);
}
