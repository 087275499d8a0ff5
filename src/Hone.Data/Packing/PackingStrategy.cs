namespace Hone.Data;

/// <summary>How sequences are put into rows of a fixed length.</summary>
public enum PackingStrategy
{
    /// <summary>Best fit, longest first; what is longer than a row loses its end.</summary>
    BestFit,

    /// <summary>Best fit, longest first; what is longer than a row is cut into pieces.</summary>
    BestFitSplit,

    /// <summary>One stream, cut into rows wherever one is full. A row is one segment: its tokens see across the ends of
    /// sequences, as in pretraining.</summary>
    Wrapped,
}
