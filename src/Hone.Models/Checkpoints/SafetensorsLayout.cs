namespace Hone.Models.Checkpoints;

/// <summary>
/// Checks that the tensors of a file fill its data exactly: no overlap, no hole, nothing beyond the end.
/// </summary>
internal static class SafetensorsLayout
{
    public static void Check(IReadOnlyList<SafetensorsEntry> entries, long dataLength, string where)
    {
        foreach (var entry in entries)
        {
            CheckEntry(entry, dataLength, where);
        }

        var expected = 0L;
        SafetensorsEntry? previous = null;
        List<SafetensorsEntry> inOrder = [.. entries];
        inOrder.Sort((one, other) => (one.Begin, one.End).CompareTo((other.Begin, other.End)));
        foreach (var entry in inOrder)
        {
            if (entry.Begin < expected)
            {
                throw new CheckpointException(
                    $"{where}: tensors must not overlap, \"{previous!.Name}\" [{previous.Begin}, {previous.End}] and "
                    + $"\"{entry.Name}\" [{entry.Begin}, {entry.End}] overlap; the file is damaged");
            }

            if (entry.Begin > expected)
            {
                throw new CheckpointException(
                    $"{where}: tensors must follow each other without holes, bytes {expected}..{entry.Begin} belong "
                        + "to no tensor; the file is damaged");
            }

            (expected, previous) = (entry.End, entry);
        }

        if (expected < dataLength)
        {
            throw new CheckpointException(
                $"{where}: the data must end where the tensors end, there are {dataLength - expected} bytes after the "
                    + "last tensor; the file is damaged");
        }
    }

    private static void CheckEntry(SafetensorsEntry entry, long dataLength, string where)
    {
        if (entry.Begin > entry.End)
        {
            throw new CheckpointException(
                $"{where}: offsets must not be reversed, \"{entry.Name}\" has offsets [{entry.Begin}, {entry.End}]; "
                    + "the file is damaged");
        }

        if (entry.End > dataLength)
        {
            throw new CheckpointException(
                $"{where}: tensors must lie inside the file, \"{entry.Name}\" has offsets [{entry.Begin}, "
                + $"{entry.End}] and ends outside of the data, which have {dataLength} bytes; the file is cut short "
                + "or damaged: copy or download it again");
        }

        var shape = $"shape [{string.Join(", ", entry.Shape)}]";
        if (!TryCountBits(entry, out var bits))
        {
            throw new CheckpointException(
                $"{where}: \"{entry.Name}\" must be of a size that can be counted, {shape} overflows; the file is "
                    + "damaged");
        }

        if (bits % 8 != 0)
        {
            throw new CheckpointException(
                $"{where}: packed elements must fill whole bytes, the {bits / SafetensorsTypes.BitsOf(entry.Type)} "
                + $"elements of {SafetensorsTypes.NameOf(entry.Type)} of \"{entry.Name}\" do not; the file is damaged");
        }

        if (bits / 8 != entry.Length)
        {
            throw new CheckpointException(
                $"{where}: shape times dtype must be the length, \"{entry.Name}\" of {shape} of "
                + $"{SafetensorsTypes.NameOf(entry.Type)} needs {bits / 8} bytes, the offsets give {entry.Length}; "
                + "the file is damaged");
        }
    }

    private static bool TryCountBits(SafetensorsEntry entry, out long bits)
    {
        // A zero dimension makes the tensor empty however large the others are, but their product must still be a
        // number.
        bits = SafetensorsTypes.BitsOf(entry.Type);
        try
        {
            foreach (var size in entry.Shape)
            {
                bits = checked(bits * size);
            }

            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
