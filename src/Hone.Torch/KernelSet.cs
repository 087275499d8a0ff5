using System.Text;

namespace Hone.Torch;

/// <summary>The instruction set that fused operators run on.</summary>
/// <param name="Name">Its name, as <c>HONE_ISA</c> takes it.</param>
/// <param name="WithoutAmx">Why the processor's AMX is not used; empty where it is, or where there is none.</param>
public sealed record KernelSet(string Name, string WithoutAmx)
{
    private static readonly Operator Isa = Operator.Find("hone::isa");

    /// <summary>Asks for the one of this process, which is chosen by the first operator that needs it.</summary>
    /// <exception cref="TorchException"><c>HONE_ISA</c> names one that does not run here.</exception>
    public static KernelSet Load()
    {
        using var lines = Isa.Call();
        return Encoding.UTF8.GetString(lines.AsSpan<byte>()).Split('\n') is [var name, var reason]
            ? new KernelSet(name, reason)
            : throw new TorchException($"{Isa}: must give two lines");
    }
}
