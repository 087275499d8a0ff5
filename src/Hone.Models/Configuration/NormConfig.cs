namespace Hone.Models.Configuration;

/// <summary>The normalisation of activations.</summary>
/// <param name="Kind">The formula.</param>
/// <param name="Epsilon">What is added to the mean square (or variance).</param>
/// <param name="Place">Where in a layer it stands.</param>
public sealed record NormConfig(NormKind Kind, double Epsilon, NormPlace Place = NormPlace.Before);
