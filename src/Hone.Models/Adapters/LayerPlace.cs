namespace Hone.Models.Adapters;

/// <summary>The half of a layer that something stands behind.</summary>
internal enum LayerPlace
{
    /// <summary>Attention.</summary>
    Attention,

    /// <summary>The feed-forward part.</summary>
    FeedForward,
}
