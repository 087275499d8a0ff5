using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>A GGUF file, mapped into memory when the first tensor is asked for.</summary>
public sealed class GgufFile : IDisposable
{
    private const int NumbersAtOnce = 1 << 16;

    private MappedFile? _mapping;

    private GgufFile(string path, GgufHeader header) => (Path, Header) = (path, header);

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>What is in it.</summary>
    public GgufHeader Header { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is missing, cut short, or breaks a rule of the format.</exception>
    public static GgufFile Open(string path) => Guard(path, () => new GgufFile(path, GgufHeader.Read(path)));

    /// <summary>Runs what reads a GGUF file, with errors that name it.</summary>
    /// <exception cref="CheckpointException">The file cannot be read, or says what it must not.</exception>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new CheckpointException($"{path}: must be a GGUF file with a model, but {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: the file must exist, none was found; check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: the file must be readable, the system says \"{e.Message}\"", e);
        }
    }

    /// <summary>
    /// The type that a tensor has once it is read: its own, or float32 where numbers share factors in blocks.
    /// </summary>
    /// <param name="type">The type in the file.</param>
    public static DType TensorType(GgmlType type) => type switch
    {
        GgmlType.F16 => DType.Float16,
        GgmlType.BF16 => DType.BFloat16,
        GgmlType.F64 => DType.Float64,
        GgmlType.I8 => DType.Int8,
        GgmlType.I16 => DType.Int16,
        GgmlType.I32 => DType.Int32,
        GgmlType.I64 => DType.Int64,
        _ => DType.Float32,
    };

    /// <summary>A tensor of the file, its blocks turned into numbers.</summary>
    /// <param name="name">Its exact name.</param>
    /// <exception cref="CheckpointException">There is none, or its type cannot be read.</exception>
    public Tensor Load(string name) => Load(Entry(name), 0, Entry(name).Shape);

    /// <summary>A part of a tensor that lies in one piece.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="first">The first number of the part.</param>
    /// <param name="shape">The part's shape.</param>
    /// <returns>A view of the file for plain types; a tensor of its own, made block by block, for others.</returns>
    /// <exception cref="CheckpointException">Its type cannot be read.</exception>
    internal Tensor Load(GgufTensor tensor, long first, long[] shape)
    {
        if (!GgufBlocks.CanDecode(tensor.Type))
        {
            throw new CheckpointException(
                $"{Path}: \"{tensor.Name}\" must be of a type that can be read, {GgmlTypes.NameOf(tensor.Type)} needs "
                + "tables of patterns that are not built in; take a file in Q2_K or wider");
        }

        var (size, bytes) = (tensor.Type.BlockSize(), tensor.Type.BlockBytes());
        var at = Header.DataStart + tensor.Offset + (first / size * bytes);
        var count = shape.Aggregate(1L, (product, one) => product * one);
        if (count == 0)
        {
            return Tensor.Empty(TensorType(tensor.Type), shape);
        }

        _mapping ??= Map();
        return tensor.Type.IsQuantised()
            ? Decode(tensor.Type, at, shape, count) : _mapping.Tensor(at, TensorType(tensor.Type), shape);
    }

    /// <summary>
    /// The blocks of a matrix as they lie in the file, uint8 <c>[row, bytes]</c>; to be read before the file is closed.
    /// </summary>
    /// <param name="tensor">A matrix of a type with blocks that divide its rows.</param>
    internal Tensor Blocks(GgufTensor tensor)
    {
        _mapping ??= Map();
        return _mapping.Tensor(
            Header.DataStart + tensor.Offset, DType.UInt8, tensor.Shape[0],
            tensor.Shape[1] / tensor.Type.BlockSize() * tensor.Type.BlockBytes());
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping?.Dispose();

    private Tensor Decode(GgmlType type, long at, long[] shape, long count)
    {
        var (size, bytes, mapping) = (type.BlockSize(), type.BlockBytes(), _mapping!);
        var flat = Tensor.Empty(DType.Float32, count);
        Parallel.For(0, (count + NumbersAtOnce - 1) / NumbersAtOnce, part =>
        {
            var first = part * NumbersAtOnce;
            var numbers = (int)Math.Min(NumbersAtOnce, count - first);
            GgufBlocks.Decode(type, mapping.Bytes(at + (first / size * bytes), numbers / size * bytes),
                flat.AsSpan<float>().Slice((int)first, numbers));
        });
        return flat.View(shape);
    }

    private GgufTensor Entry(string name) =>
        Header.Find(name)
            ?? throw new CheckpointException($"{Path}: must hold \"{name}\", there is no tensor of that name");

    private MappedFile Map()
    {
        try
        {
            return MappedFile.Open(Path);
        }
        catch (TorchException e)
        {
            throw new CheckpointException($"{Path}: must be mapped into memory, {e.Message}", e);
        }
    }
}
