namespace Hone.Data;

/// <summary>What happens to a row that has more tokens than fit. One that is left without a target is left
/// out.</summary>
public enum LongExamples
{
    /// <summary>Its end is cut off.</summary>
    CutEnd,

    /// <summary>Its start is cut off.</summary>
    CutStart,

    /// <summary>It becomes several examples, one after the other.</summary>
    Split,

    /// <summary>It is left out.</summary>
    LeaveOut,

    /// <summary>It is refused, and all the data with it.</summary>
    Refuse,
}
