using System.Runtime.InteropServices;
using Hone.Models.Generation;
using Hone.Rewards;

namespace Hone.Training.Ranks;

/// <summary>How what ranks tell each other becomes bytes.</summary>
internal static class RankCodec
{
    public static void Write(BinaryWriter writer, float[] values) => WriteNumbers<float>(writer, values);

    public static float[] ReadFloats(BinaryReader reader) => ReadNumbers<float>(reader);

    public static void Write(BinaryWriter writer, Completion completion)
    {
        WriteNumbers<int>(writer, completion.Tokens);
        WriteNumbers<float>(writer, completion.LogProbs);
        writer.Write((byte)completion.Reason);
        writer.Write(completion.WeightVersion);
    }

    public static Completion ReadCompletion(BinaryReader reader) =>
        new(ReadNumbers<int>(reader), ReadNumbers<float>(reader), (FinishReason)reader.ReadByte(), reader.ReadInt64());

    public static void Write(BinaryWriter writer, RewardOutcome[] outcomes)
    {
        writer.Write(outcomes.Length);
        foreach (var outcome in outcomes)
        {
            switch (outcome)
            {
                case RewardOutcome.Scored scored:
                    writer.Write('s');
                    writer.Write(scored.Value);
                    break;
                case RewardOutcome.Failed failed:
                    writer.Write('f');
                    writer.Write(failed.Reason);
                    break;
                case RewardOutcome.DoesNotApply:
                    writer.Write('n');
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(outcomes), outcome, "unknown outcome");
            }
        }
    }

    public static RewardOutcome[] ReadOutcomes(BinaryReader reader)
    {
        var outcomes = new RewardOutcome[reader.ReadInt32()];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = reader.ReadChar() switch
            {
                's' => new RewardOutcome.Scored(reader.ReadDouble()),
                'f' => new RewardOutcome.Failed(reader.ReadString()),
                'n' => new RewardOutcome.DoesNotApply(),
                var other => throw new InvalidDataException($"there is no outcome {other}"),
            };
        }

        return outcomes;
    }

    private static void WriteNumbers<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes<T>(values));
    }

    private static T[] ReadNumbers<T>(BinaryReader reader)
        where T : unmanaged
    {
        var values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
