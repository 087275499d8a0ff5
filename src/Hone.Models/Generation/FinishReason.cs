namespace Hone.Models.Generation;

/// <summary>Why a completion ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token or a stop string was met.</summary>
    Stop,

    /// <summary>It reached its greatest length or the model's context.</summary>
    Length,

    /// <summary>Generation was called off.</summary>
    Abort,
}
