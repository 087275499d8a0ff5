namespace Hone.Models.Configuration;

/// <summary>Latent attention: keys and values of all heads come from one short vector a token.</summary>
/// <remarks>DeepSeek-V2, arXiv:2405.04434. <see cref="AttentionConfig.HeadSize"/> is <see cref="PlainSize"/> +
/// <see cref="RotarySize"/>.</remarks>
/// <param name="QueryRank">Width that queries are squeezed through; 0 for a plain projection.</param>
/// <param name="KeyValueRank">Width of the latent vector.</param>
/// <param name="PlainSize">Numbers of a query or key head that do not turn; they come first.</param>
/// <param name="RotarySize">Numbers that turn, in neighbouring pairs; those of keys are shared by all heads.</param>
/// <param name="ValueSize">Numbers of a value head.</param>
public sealed record LatentConfig(int QueryRank, int KeyValueRank, int PlainSize, int RotarySize, int ValueSize);
