using Hone.Models.Configuration;

namespace Hone.Models.Generation;

/// <summary>What is added to the logit of the last token of a phrase where the text ends in the rest of it.</summary>
/// <param name="Tokens">The phrase; a single token is always meant.</param>
/// <param name="Bias">What is added; −∞ bans it.</param>
public sealed record PhraseBias(ValueList<int> Tokens, double Bias);
