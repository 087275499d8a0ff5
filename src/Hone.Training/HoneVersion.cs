using System.Reflection;

namespace Hone.Training;

/// <summary>The version of the product.</summary>
public static class HoneVersion
{
    /// <summary>The version as text, such as <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(HoneVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
