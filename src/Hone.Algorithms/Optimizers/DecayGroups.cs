using System.Text.RegularExpressions;

namespace Hone.Algorithms.Optimizers;

/// <summary>Which parameters weight decay pulls towards 0: all but biases and the scales of norms.</summary>
/// <remarks>Decided by name, as the libraries that wrote most recipes do; <c>ln_1</c>, <c>ln_2</c>, <c>ln_f</c> are
/// GPT-2's norms.</remarks>
public static partial class DecayGroups
{
    /// <summary>Whether weight decay acts on the parameter of a Hugging Face name such as
    /// <c>model.norm.weight</c>.</summary>
    public static bool Decays(string name) => !NoDecay().IsMatch(name);

    [GeneratedRegex(
        @"bias|layernorm|rmsnorm|(^|\.)norm($|\.)|_norm($|\.)|(^|\.)ln_(\d+|f)($|\.)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoDecay();
}
