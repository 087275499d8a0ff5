namespace Hone.Fuzz;

/// <summary>A reader that is given damaged files.</summary>
public interface ITarget
{
    /// <summary>What it is called on the command line.</summary>
    public string Name { get; }

    /// <summary>The name of the file that it is given, whose ending may decide how it is read.</summary>
    public string FileName { get; }

    /// <summary>Sound inputs, which are then changed.</summary>
    /// <param name="tests">The repository's folder of tests.</param>
    public IEnumerable<byte[]> Seeds(string tests);

    /// <summary>Reads a file to its end.</summary>
    /// <returns>Bytes of what was produced, about.</returns>
    public long Read(string path);
}
