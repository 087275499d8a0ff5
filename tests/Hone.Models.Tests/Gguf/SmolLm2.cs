namespace Hone.Models.Tests.Gguf;

/// <summary>A real model in a GGUF file, loaded once for all tests of a class.</summary>
public sealed class SmolLm2 : IDisposable
{
    private ModelFolder? _folder;

    /// <summary>The folder of the file and of what a reference computed from it.</summary>
    public static string At(params string[] parts) => Fixtures.Real(["models", "smollm2-135m-instruct", .. parts]);

    /// <summary>The file by itself.</summary>
    public static string File => At("SmolLM2-135M-Instruct.Q4_1.gguf");

    /// <summary>The model, read from the file alone.</summary>
    public ModelFolder Model => _folder ??= ModelFolder.Load(File);

    public void Dispose() => _folder?.Dispose();
}
