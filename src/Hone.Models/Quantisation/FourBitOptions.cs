using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>How the linear layers of a model are kept in 4 bits.</summary>
/// <param name="Table"><see cref="CodeTable.Nf4"/> or <see cref="CodeTable.Fp4"/>.</param>
/// <param name="Doubled">Whether scales become codes too.</param>
/// <param name="BlockSize">Numbers that share a scale; even.</param>
public sealed record FourBitOptions(CodeTable Table, bool Doubled, int BlockSize = 64);
