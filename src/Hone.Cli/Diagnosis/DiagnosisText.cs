using System.Globalization;
using Hone.Cli.Writing;

namespace Hone.Cli.Diagnosis;

/// <summary>Writes a diagnosis for people.</summary>
internal static class DiagnosisText
{
    /// <summary>Writes what was found of the machine.</summary>
    public static void Write(TextWriter output, MachineReport machine)
    {
        Line(output, "hone", $"{machine.Version} on {machine.Runtime}, {machine.System}");
        var name = Or(machine.ProcessorName, "unknown");
        var features = Or(machine.Processor.ToString(), "no vector extensions");
        Line(output, "processor", $"{name}, {Count(machine.Processor.Cores, "core")}: {features}");
        Line(output, "compute", $"{machine.Compute}: {machine.ComputeReason}");
        if (machine.Torch is { } torch)
        {
            var seconds = machine.TorchSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            var gpu = torch.HasCuda ? "with a GPU" : "no GPU";
            Line(output, "libtorch", $"{torch.Version}, loads in {seconds} s, {Count(torch.Threads, "thread")}, {gpu}");
            Line(output, "blas", Or(torch.BlasLibrary, "inside libtorch"));
            Line(output, "kernels", machine.Kernels switch
            {
                null => "cannot be chosen",
                { WithoutAmx: [_, ..] reason, Name: var kernels } => $"{kernels}, without AMX: {reason}",
                { Name: var kernels } => kernels,
            });
        }
        else
        {
            Line(output, "libtorch", "does not load");
        }

        Line(
            output, "memory", $"{Quantity.Bytes(machine.Memory)}, {Quantity.Bytes(machine.MemoryAvailable)} available");
        Line(output, "disk", $"{Quantity.Bytes(machine.DiskFree)} free in {machine.Folder}");
        Line(output, "fixtures", $"{machine.Fixtures}, {(machine.HasFixtures ? "found" : "not found")}");
    }

    /// <summary>Writes what was found of a model folder.</summary>
    public static void Write(TextWriter output, ModelReport model)
    {
        Line(output, "model", model.Family.Length == 0
            ? $"{model.Folder}: cannot be used"
            : $"{model.Folder}: {model.Family}, {Count(model.Layers, "layer")}, {Quantity.Count(model.Weights)} "
                + $"weights in {model.StoredAs}, context {model.Context}");
        if (model.TokenizerVocabulary > 0)
        {
            Line(output, "tokenizer", $"{model.TokenizerVocabulary} ids for a vocabulary of {model.Vocabulary}");
        }

        if (model.Generation is { } generation)
        {
            Line(output, "sampling", generation.Reason);
        }
    }

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-10} {value}");

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
