namespace Hone.Text.Pipeline;

/// <summary>Cuts text into the pieces that the model sees one by one.</summary>
internal interface IPreTokenizer
{
    /// <summary>Whether it asks where in the input a piece came from, so that the text has to keep spans.</summary>
    public bool NeedsSpans => false;

    /// <summary>Replaces the pieces of <paramref name="text"/> by smaller ones, or rewrites them.</summary>
    public void Split(PreTokenizedText text);
}
