namespace Hone.Torch;

/// <summary>How a rank is, in its own words.</summary>
internal enum PeerStatus : byte
{
    /// <summary>It works.</summary>
    Working,

    /// <summary>It was asked to stop in good order.</summary>
    Stopping,

    /// <summary>It cannot go on.</summary>
    Failed,

    /// <summary>It is done.</summary>
    Left,
}
