using System.Globalization;
using System.Text;

namespace Hone.Data.Tests.Hub;

/// <summary>A request that <see cref="HubServer"/> got.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">The path as it was sent.</param>
/// <param name="Headers">The headers by name in lower case.</param>
internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that is asked for, where a range is.</summary>
    public long? From => Headers.TryGetValue("range", out var range)
        ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
        : null;

    /// <summary>What proves who asks, or null.</summary>
    public string? Token => Headers.GetValueOrDefault("authorization");

    public static async Task<SeenRequest?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var parts = lines[0].Split(' ');
        return new SeenRequest(parts[0], parts[1], lines.Skip(1).ToDictionary(
            line => line[..line.IndexOf(':')].ToLowerInvariant(), line => line[(line.IndexOf(':') + 1)..].Trim()));
    }
}
