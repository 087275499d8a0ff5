using System.Text.Json;
using Hone.Cli.Writing;
using Hone.Torch;

namespace Hone.Cli.Diagnosis;

/// <summary>Writes a diagnosis for machines: one object in one line.</summary>
internal static class DiagnosisJson
{
    /// <summary>Writes all that was found.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="model">The model folder, where one was named.</param>
    /// <param name="warnings">What is worth a warning, of both.</param>
    /// <param name="problems">What keeps Hone from working, of both.</param>
    public static void Write(
        TextWriter output,
        MachineReport machine,
        ModelReport? model,
        IEnumerable<string> warnings,
        IEnumerable<string> problems) =>
        JsonLine.Write(output, json =>
        {
            json.WriteString("version", machine.Version);
            json.WriteString("runtime", machine.Runtime);
            json.WriteString("system", machine.System);
            WriteProcessor(json, machine);
            WriteTorch(json, machine);
            if (machine.Kernels is { } kernels)
            {
                json.WriteStartObject("kernels");
                json.WriteString("name", kernels.Name);
                json.WriteString("without_amx", kernels.WithoutAmx);
                json.WriteEndObject();
            }

            json.WriteStartObject("memory");
            json.WriteNumber("total", machine.Memory);
            json.WriteNumber("available", machine.MemoryAvailable);
            json.WriteEndObject();
            json.WriteStartObject("disk");
            json.WriteString("folder", machine.Folder);
            json.WriteNumber("free", machine.DiskFree);
            json.WriteEndObject();
            json.WriteStartObject("fixtures");
            json.WriteString("folder", machine.Fixtures);
            json.WriteBoolean("found", machine.HasFixtures);
            json.WriteEndObject();
            if (model is not null)
            {
                WriteModel(json, model);
            }

            json.WriteTexts("warnings", warnings);
            json.WriteTexts("problems", problems);
        });

    private static void WriteProcessor(Utf8JsonWriter json, MachineReport machine)
    {
        json.WriteStartObject("processor");
        json.WriteString("name", machine.ProcessorName);
        json.WriteNumber("cores", machine.Processor.Cores);
        json.WriteTexts("features", machine.Processor.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        json.WriteEndObject();
        json.WriteStartObject("compute");
        json.WriteString("dtype", machine.Compute);
        json.WriteString("reason", machine.ComputeReason);
        json.WriteEndObject();
    }

    private static void WriteTorch(Utf8JsonWriter json, MachineReport machine)
    {
        json.WriteStartObject("libtorch");
        json.WriteBoolean("loads", machine.Torch is not null);
        if (machine.Torch is { } torch)
        {
            json.WriteString("version", torch.Version);
            json.WriteNumber("seconds", Math.Round(machine.TorchSeconds, 3));
            json.WriteNumber("threads", torch.Threads);
            json.WriteBoolean("cuda", torch.HasCuda);
            json.WriteString("blas", torch.BlasLibrary);
            json.WriteString("blas_kind", BlasKind(torch));
        }

        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelReport model)
    {
        json.WriteStartObject("model");
        json.WriteString("folder", model.Folder);
        json.WriteString("family", model.Family);
        json.WriteNumber("layers", model.Layers);
        json.WriteNumber("weights", model.Weights);
        json.WriteString("stored_as", model.StoredAs);
        json.WriteNumber("context", model.Context);
        json.WriteNumber("vocabulary", model.Vocabulary);
        json.WriteNumber("tokenizer_vocabulary", model.TokenizerVocabulary);
        if (model.Generation is { } generation)
        {
            json.WriteString("generation_path", generation.Name);
            json.WriteString("generation_reason", generation.Reason);
        }

        json.WriteEndObject();
    }

    private static string BlasKind(TorchRuntime torch) => torch switch
    {
        { IsReferenceBlas: true } => "reference",
        { IsPthreadBlas: true } => "openblas-pthread",
        _ => "fast",
    };
}
