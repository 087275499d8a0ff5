using Hone.Torch;

namespace Hone.Models.Tests;

/// <summary>Runs tests on one instruction set after another: portable, AVX2, AVX-512, AVX-512 with VNNI, with bfloat16
/// products, AMX, and AMX with a model of its tiles.</summary>
internal static class InstructionSet
{
    private static readonly Operator Use = Operator.Find("hone::use_isa");

    /// <summary>Runs <paramref name="body"/> on one of them, or skips in words where the processor lacks it.</summary>
    public static void On(int isa, Action body)
    {
        try
        {
            Use.Run((long)isa);
        }
        catch (TorchException error)
        {
            Assert.Skip(error.Message);
        }

        try
        {
            body();
        }
        finally
        {
            Use.Run(-1L);
        }
    }
}
