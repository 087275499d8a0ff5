using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>How a part of an adapter is used in one pass.</summary>
/// <param name="Share">How much of the part: 1 for all of it, 0 for nothing.</param>
/// <param name="Dropout">The addresses of what is dropped; null where nothing is.</param>
internal readonly record struct PartUse(double Share, DropoutKey? Dropout)
{
    /// <summary>Drops numbers of <c>[token, width]</c> at a rate, and scales up those that stay.</summary>
    /// <param name="x">What to drop from.</param>
    /// <param name="rate">The probability of each number.</param>
    /// <param name="place">Which of an adapter's places this is, so that no two share a draw.</param>
    public Tensor Drop(Tensor x, double rate, int place) =>
        Dropout is null || rate == 0 ? x : x * Dropout.Mask(x, rate, place);

    /// <summary>Whether anything is dropped at a rate.</summary>
    public bool Drops(double rate) => Dropout is not null && rate > 0;

    /// <summary>Goes from what there is to what a part makes of it as far as the share says.</summary>
    public Tensor Between(Tensor without, Tensor with) => Share == 1 ? with : without + ((with - without) * Share);
}
