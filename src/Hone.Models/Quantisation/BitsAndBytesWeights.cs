using System.Text;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>Weights that bitsandbytes has quantised: 4 bits in blocks, or 8 bits in rows, beside plain ones.</summary>
/// <remarks>A weight of 4 bits is <c>NAME</c> (codes), <c>NAME.absmax</c> (scales, or codes of them with
/// <c>NAME.nested_absmax</c>), and <c>NAME.quant_state.bitsandbytes__nf4</c>, a JSON text. One of 8 bits is int8 with
/// <c>SCB</c>, the largest of each row, beside it.</remarks>
public sealed class BitsAndBytesWeights : ICodedSource
{
    private const string State = ".quant_state.bitsandbytes__";
    private const string RowScales = "SCB";
    private const int LargestByte = 127;

    private readonly Checkpoint _checkpoint;
    private readonly Dictionary<string, ConfigFields> _states;
    private readonly HashSet<string> _companions;

    /// <summary>Looks through a checkpoint for quantised weights.</summary>
    /// <param name="checkpoint">The checkpoint; disposed of with this object.</param>
    /// <exception cref="CheckpointException">What is said of a weight cannot be read.</exception>
    public BitsAndBytesWeights(Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        _states = checkpoint.Names
            .Where(name => name.Contains(State, StringComparison.Ordinal))
            .ToDictionary(
                name => name[..name.IndexOf(State, StringComparison.Ordinal)], ReadState, StringComparer.Ordinal);
        _companions = [.. checkpoint.Names.Where(name => name.EndsWith($".{RowScales}", StringComparison.Ordinal)
            || name.EndsWith(".weight_format", StringComparison.Ordinal)
            || _states.Keys.Any(weight => name.StartsWith(weight + ".", StringComparison.Ordinal)))];
    }

    /// <inheritdoc/>
    public string Where => _checkpoint.Where;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _checkpoint.Names.Where(name => !_companions.Contains(name));

    /// <inheritdoc/>
    public IEnumerable<string> Warnings => _checkpoint.Warnings;

    /// <inheritdoc/>
    public long[]? ShapeOf(string name) => _states.TryGetValue(name, out var state)
        ? Array.ConvertAll(state.Integers("shape"), size => (long)size)
        : _checkpoint.ShapeOf(name);

    /// <inheritdoc/>
    public DType? TypeOf(string name) => _states.TryGetValue(name, out var state) ? StorageTypeNames.Read(state)
        : RowScalesOf(name) is not null ? DType.Float16
        : _checkpoint.TypeOf(name);

    /// <inheritdoc/>
    public Tensor Load(string name)
    {
        using var scope = TensorScope.Open();
        if (LoadCoded(name) is { } coded)
        {
            using (coded)
            {
                return scope.Keep(coded.Dequantise());
            }
        }

        // w = q · c / 127, c the largest of the row
        return scope.Keep(RowScalesOf(name) is { } scales
            ? _checkpoint.Load(name).To(DType.Float32)
                * (_checkpoint.Load(scales).To(DType.Float32) / LargestByte).View(-1, 1)
            : _checkpoint.Load(name));
    }

    /// <inheritdoc/>
    public FourBitWeight? LoadCoded(string name)
    {
        if (!_states.TryGetValue(name, out var state))
        {
            return null;
        }

        var shape = ShapeOf(name)!;
        var (count, block) = (shape.Aggregate(1L, (product, size) => product * size), state.Count("blocksize"));
        var table = state.Text("quant_type") switch
        {
            "nf4" => CodeTable.Nf4,
            "fp4" => CodeTable.Fp4,
            var other => throw state.Wrong("quant_type", "nf4 or fp4", $"\"{other}\""),
        };
        var isDouble = state.Has("nested_blocksize");
        if (block % 2 != 0 || (isDouble && state.Count("nested_blocksize") != FourBitWeight.NestedBlockSize))
        {
            throw new CheckpointException(
                $"{state.Where}: blocks must be even, and of scales {FourBitWeight.NestedBlockSize}, they are {block} "
                + $"and {(isDouble ? state.Count("nested_blocksize") : 0)}");
        }

        var blocks = (count + block - 1) / block;
        using var scope = TensorScope.Open();
        var codes = Part(name, DType.UInt8, (count + 1) / 2);
        return isDouble
            ? FourBitWeight.Of(
                table, block, shape, codes, Part($"{name}.absmax", DType.UInt8, blocks),
                Part($"{name}.nested_absmax", DType.Float32,
                    (blocks + FourBitWeight.NestedBlockSize - 1) / FourBitWeight.NestedBlockSize),
                (float)state.Number("nested_offset"))
            : FourBitWeight.Of(table, block, shape, codes, Part($"{name}.absmax", DType.Float32, blocks));
    }

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    // A copy: codes outlive the file they come from, and are read again and again.
    private Tensor Part(string name, DType type, long count) =>
        _checkpoint.Find(name) is { } entry && SafetensorsTypes.TensorType(entry.Type) == type
            && entry.Length == count * type.ByteSize()
            ? _checkpoint.Load(name).Reshape(-1).Clone()
            : throw new CheckpointException(
                $"{Where}: must hold \"{name}\" with {count} numbers in {type}, it does not; the checkpoint is "
                    + "damaged");

    private string? RowScalesOf(string name)
    {
        var beside = name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^"weight".Length] + RowScales : null;
        return beside is not null && _checkpoint.Find(beside) is not null && _checkpoint.TypeOf(name) == DType.Int8
            ? beside : null;
    }

    private ConfigFields ReadState(string name)
    {
        using var scope = TensorScope.Open();
        return _checkpoint.Find(name) is { Length: < 1 << 16 } && _checkpoint.TypeOf(name) == DType.UInt8
            ? ConfigFields.Parse(Encoding.UTF8.GetString(_checkpoint.Load(name).ToArray<byte>()), $"{Where}: {name}")
            : throw new CheckpointException(
                $"{Where}: \"{name}\" must be a short JSON text in bytes, it is not; the checkpoint is damaged");
    }
}
