namespace Hone.Models.Generation;

/// <summary>Which way of generating is asked for.</summary>
public enum GenerationPathChoice
{
    /// <summary>The fused step where it covers the model, else composed operators.</summary>
    Auto,

    /// <summary>The fused step, or an error where it does not cover the model.</summary>
    Fused,

    /// <summary>Composed operators.</summary>
    Composed,
}
