using Hone.Data;
using Hone.Models;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Fuzz;

/// <summary>One reading, held against what a reader may do with a damaged file.</summary>
internal static class Reading
{
    private const long Allowance = 64L << 20;
    private const long Factor = 10;

    /// <summary>Lets the target read the file.</summary>
    public static Outcome Of(ITarget target, string path, long length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var produced = target.Read(path);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var size = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)produced);
            return new Outcome(IsRead: true, $"read {new string('x', size)}", Waste(allocated, length, produced));
        }
        catch (Exception refusal) when (refusal is DataException or TokenizerException or CheckpointException
            or JinjaException)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return new Outcome(
                IsRead: false, refusal.Message,
                refusal.Message.Length == 0 ? "refused without a word" : Waste(allocated, length, 0));
        }
        catch (Exception other)
        {
            return new Outcome(IsRead: false, other.GetType().Name, other.ToString());
        }
    }

    private static string? Waste(long allocated, long length, long produced) =>
        allocated > Allowance + (Factor * (length + produced))
        ? $"allocated {allocated} bytes for an input of {length}, which gave {produced}"
        : null;
}
