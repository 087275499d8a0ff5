namespace Hone.Models.Configuration;

/// <summary>How attention and the feed-forward part join the residual stream.</summary>
public enum ResidualKind
{
    /// <summary>x ← x + attention(x), then x ← x + feedForward(x).</summary>
    Sequential,

    /// <summary>x + attention(norm₁ x) + feedForward(norm₂ x).</summary>
    Parallel,

    /// <summary>x + attention(norm x) + feedForward(norm x), with one norm.</summary>
    ParallelSharedNorm,
}
