using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>Where tokens stand when each segment of a packed batch gets virtual tokens before it.</summary>
internal sealed class VirtualPlaces
{
    private readonly int _each;

    private VirtualPlaces(int each, long count) => (_each, Count) = (each, count);

    /// <summary>Tokens in all, the virtual ones included.</summary>
    public long Count { get; }

    /// <summary>The places of the virtual tokens, segment by segment, int64 <c>[segment · virtual]</c>.</summary>
    public required Tensor Virtual { get; init; }

    /// <summary>The places of the real tokens, int64 <c>[token]</c>.</summary>
    public required Tensor Real { get; init; }

    /// <summary>Where segments begin and the last one ends, int64 <c>[segment + 1]</c>.</summary>
    public required Tensor Starts { get; init; }

    /// <summary>Each token's position inside its segment, int64 <c>[count]</c>.</summary>
    public required Tensor Positions { get; init; }

    /// <summary>Counts the places; the tensors belong to the scope that is open.</summary>
    /// <param name="starts">Where segments begin and the last one ends.</param>
    /// <param name="each">Virtual tokens before each segment.</param>
    public static VirtualPlaces Of(ReadOnlySpan<long> starts, int each)
    {
        var (virtualPlaces, real, positions, moved) = (
            new List<long>(), new List<long>(), new List<long>(), new List<long> { 0 });
        for (var segment = 0; segment + 1 < starts.Length; segment++)
        {
            var length = each + (starts[segment + 1] - starts[segment]);
            for (var place = 0L; place < length; place++)
            {
                (place < each ? virtualPlaces : real).Add(moved[^1] + place);
                positions.Add(place);
            }

            moved.Add(moved[^1] + length);
        }

        return new VirtualPlaces(each, moved[^1])
        {
            Virtual = Tensor.Of<long>([.. virtualPlaces]),
            Real = Tensor.Of<long>([.. real]),
            Starts = Tensor.Of<long>([.. moved]),
            Positions = Tensor.Of<long>([.. positions]),
        };
    }

    /// <summary>The virtual token of each virtual place: all of them once for each segment, int64 <c>[segment ·
    /// virtual]</c>.</summary>
    public Tensor VirtualOf(long segments)
    {
        var tokens = new long[segments * _each];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = i % _each;
        }

        return Tensor.From<long>(tokens, tokens.Length);
    }
}
