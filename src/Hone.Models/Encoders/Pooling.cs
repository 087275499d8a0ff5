namespace Hone.Models.Encoders;

/// <summary>How the hidden states of a text become one vector.</summary>
public enum Pooling
{
    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The state of the first token.</summary>
    First,

    /// <summary>The largest of each number over all tokens.</summary>
    Largest,
}
