namespace Hone.Models.Families;

/// <summary>How a family stores projections of the same input.</summary>
public enum ProjectionLayout
{
    /// <summary>A matrix each.</summary>
    Separate,

    /// <summary>One matrix: all outputs of the first, then of the second, and so on.</summary>
    OneAfterTheOther,

    /// <summary>One matrix: query, key and value of the first head, then of the second, and so on.</summary>
    HeadByHead,
}
