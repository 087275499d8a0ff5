using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>A safetensors file, mapped into memory when the first tensor is asked for.</summary>
/// <remarks>Tensors are copy-on-write views of the file: their bytes are read when they are used, and writing to one
/// never changes the file.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private MappedFile? _mapping;

    private SafetensorsFile(string path, SafetensorsHeader header)
    {
        Path = path;
        Header = header;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>What is in it.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is missing, cut short, or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path) => new(path, SafetensorsHeader.Read(path));

    /// <summary>The tensor of that name, of the shape and type of the file.</summary>
    /// <param name="name">Its exact name.</param>
    /// <returns>A tensor that stays valid after this file is disposed of.</returns>
    /// <exception cref="CheckpointException">There is none, or it has a type that tensors cannot have.</exception>
    public Tensor Load(string name)
    {
        var entry = Entry(name);
        if (SafetensorsTypes.TensorType(entry.Type) is not { } type)
        {
            throw new CheckpointException(
                $"{Path}: \"{name}\" must be of a type that can be computed with, it is "
                    + $"{SafetensorsTypes.NameOf(entry.Type)}; convert it to F32 or BF16");
        }

        if (entry.Length == 0)
        {
            return Tensor.Empty(type, entry.Shape);
        }

        _mapping ??= Map();
        return _mapping.Tensor(Header.DataStart + entry.Begin, type, entry.Shape);
    }

    /// <summary>The raw bytes of a tensor, of any type.</summary>
    /// <param name="name">Its exact name.</param>
    /// <exception cref="CheckpointException">There is none, or the file cannot be read.</exception>
    public byte[] ReadBytes(string name)
    {
        var entry = Entry(name);
        var bytes = new byte[entry.Length];
        using var stream = CheckpointFiles.OpenRead(Path);
        stream.Position = Header.DataStart + entry.Begin;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping?.Dispose();

    private SafetensorsEntry Entry(string name) =>
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
