using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>
/// One forward pass over the cache: pieces of prompts, and the last token of each growing completion.
/// </summary>
internal sealed record StepTensors
{
    /// <summary>int64 <c>[token]</c>.</summary>
    public required Tensor Ids { get; init; }

    /// <summary>Each token's position in its sequence, int64 <c>[token]</c>.</summary>
    public required Tensor Positions { get; init; }

    /// <summary>The length of each token's sequence that angles are computed for, <c>[token]</c>.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>Where each token's key and value go: page · page size + offset, int64 <c>[token]</c>.</summary>
    public required Tensor Slots { get; init; }

    /// <summary>The pages of each sequence, int32 <c>[sequence, max_pages]</c>.</summary>
    public required Tensor BlockTable { get; init; }

    /// <summary>
    /// Where the new tokens of each sequence begin and the last one's end, int32 <c>[sequence + 1]</c>.
    /// </summary>
    public required Tensor QueryStarts { get; init; }

    /// <summary>Tokens of each sequence, the new ones included, int32 <c>[sequence]</c>.</summary>
    public required Tensor ContextLengths { get; init; }

    /// <summary>The tokens that predict one, int64 <c>[wanted]</c>.</summary>
    public required Tensor Wanted { get; init; }

    /// <summary>Embeddings of virtual tokens, or null.</summary>
    public InsertedRows? Inserted { get; init; }

    /// <summary>The adapters of each sequence, and its new tokens.</summary>
    public required IReadOnlyList<(AdapterCombination Adapters, int Tokens)> Uses { get; init; }

    /// <summary>The adapters of the tokens that predict one, and how many of these in a row have them.</summary>
    public required IReadOnlyList<(AdapterCombination Adapters, int Tokens)> WantedUses { get; init; }
}
