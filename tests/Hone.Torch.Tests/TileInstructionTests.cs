using System.Diagnostics;

namespace Hone.Torch.Tests;

public sealed class TileInstructionTests
{
    [Fact]
    public void Products_by_tiles_as_they_are_compiled_are_those_of_the_model_and_stay_in_their_memory()
    {
        var processor = Processor.Detect();
        Assert.SkipUnless(processor.Avx512BFloat16, "the processor has no avx512_bf16");

        // On a processor without tiles each of their instructions is decoded and computed by the program.
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "native", "hone_tile_check");
        using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal((0, "396 products by tiles, 0 differ"), (process.ExitCode, output.Split(';')[0]));
        Assert.Equal(processor.AmxBFloat16, output.EndsWith(" 0 instructions emulated\n", StringComparison.Ordinal));
    }
}
