using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Gguf;
using Hone.Models.Layers;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>The blocks of few bits in which a GGUF file keeps matrices, as the fused step reads them: codes and scales
/// of the file.</summary>
/// <param name="path">The file.</param>
/// <param name="config">The model.</param>
/// <param name="version">The version of the weights that are those of the file.</param>
internal sealed class StoredBlocks(string path, DecoderConfig config, long version)
{
    /// <summary>The version of the weights that are those of the file.</summary>
    public long Version => version;

    /// <summary>Opens the file for as long as weights are packed.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public OpenBlocks Open() => new(GgufWeights.Of(GgufFile.Open(path), config), config);

    /// <summary>The open file.</summary>
    internal sealed class OpenBlocks(GgufWeights weights, DecoderConfig config) : IDisposable
    {
        private readonly CheckpointWeights _names =
            new(config, ModelFamilies.Of(config.ModelType, weights.Where).Names(config), weights);

        /// <summary>How a matrix is kept whose rows are those of some weights, and its blocks.</summary>
        /// <param name="parts">The weights, one below the other.</param>
        /// <returns>
        /// Blocks that the fused step reads as they are; null blocks where it packs numbers: where the file has another
        /// type of few bits, or several, they become codes of 8 bits, and what has more stays in the compute dtype.
        /// </returns>
        public (WeightCode Code, Tensor? Blocks) Find(IReadOnlyList<ParameterSpec> parts)
        {
            string[] names = [.. parts.Select(_names.Find)];
            GgmlType[] types = [.. names.Select(weights.StoredType).Distinct()];
            if (types is [var type] && CodeOf(type) is { } code)
            {
                Tensor?[] blocks = [.. names.Select(weights.Blocks)];
                if (blocks.All(one => one is not null))
                {
                    return (code, blocks is [{ } alone] ? alone : Tensor.Cat([.. blocks.OfType<Tensor>()]));
                }
            }

            return (types.Any(one => one.IsQuantised()) ? WeightCode.Q80 : WeightCode.Plain, null);
        }

        /// <summary>The numbers that weights stand for, one below the other, float32.</summary>
        public Tensor Numbers(IReadOnlyList<ParameterSpec> parts)
        {
            Tensor[] each = [.. parts.Select(part => _names.Load(part).To(DType.Float32))];
            return each is [var alone] ? alone : Tensor.Cat(each);
        }

        public void Dispose() => weights.Dispose();

        private static WeightCode? CodeOf(GgmlType type) => type switch
        {
            GgmlType.Q80 => WeightCode.Q80,
            GgmlType.Q40 => WeightCode.Q40,
            GgmlType.Q41 => WeightCode.Q41,
            _ => null,
        };
    }
}
