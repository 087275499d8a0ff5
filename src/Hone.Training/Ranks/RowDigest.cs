using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Training.Ranks;

/// <summary>A hash of the rows of a run as tokens, so that ranks on several machines can hold theirs
/// together.</summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds the tokens of a row.</summary>
    public void Add(int[] tokens)
    {
        Add(tokens.Length);
        _hash.AppendData(MemoryMarshal.AsBytes(tokens.AsSpan()));
    }

    /// <summary>Adds which tokens are trained.</summary>
    public void Add(bool[] trained) => _hash.AppendData(MemoryMarshal.AsBytes(trained.AsSpan()));

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        Add(text.Length);
        _hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Adds a number.</summary>
    public void Add(long number) => _hash.AppendData(BitConverter.GetBytes(number));

    /// <summary>The hash of what was added.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
