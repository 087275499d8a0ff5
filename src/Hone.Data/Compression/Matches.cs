namespace Hone.Data;

/// <summary>What all compressors of the Lempel–Ziv family do: repeat what was before.</summary>
internal static class Matches
{
    /// <summary>Appends <paramref name="length"/> bytes from <paramref name="distance"/> back, which may overlap what
    /// they make.</summary>
    /// <exception cref="InvalidDataException">They reach back before the start, or do not fit.</exception>
    public static void Repeat(byte[] target, int end, long distance, int length)
    {
        if (distance <= 0 || distance > end || length > target.Length - end)
        {
            throw new InvalidDataException("a match reaches outside the data");
        }

        var from = end - (int)distance;
        if (distance >= length)
        {
            target.AsSpan(from, length).CopyTo(target.AsSpan(end));
            return;
        }

        for (var i = 0; i < length; i++)
        {
            target[end + i] = target[from + i];
        }
    }
}
