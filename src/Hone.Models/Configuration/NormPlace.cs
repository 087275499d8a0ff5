namespace Hone.Models.Configuration;

/// <summary>Where a layer normalises.</summary>
public enum NormPlace
{
    /// <summary>What goes into attention and into the feed-forward part.</summary>
    Before,

    /// <summary>What comes out of them, before it joins the residual stream.</summary>
    After,

    /// <summary>Both.</summary>
    Around,
}
