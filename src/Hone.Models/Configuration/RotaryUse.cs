namespace Hone.Models.Configuration;

/// <summary>Which rotation a layer applies to queries and keys.</summary>
public enum RotaryUse
{
    /// <summary>The model's main one, if it has any.</summary>
    Main,

    /// <summary>The one for layers that see a window only.</summary>
    Local,

    /// <summary>None.</summary>
    None,
}
