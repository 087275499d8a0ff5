using Hone.Models.Gguf;
using Hone.Text.Gguf;

namespace Hone.Models.Tests.Gguf;

public sealed class GgufBlockWriterTests
{
    [Theory]
    [InlineData("f32", GgmlType.F32)]
    [InlineData("f16", GgmlType.F16)]
    [InlineData("bf16", GgmlType.BF16)]
    [InlineData("q8_0", GgmlType.Q80)]
    [InlineData("q4_0", GgmlType.Q40)]
    [InlineData("q4_1", GgmlType.Q41)]
    public void Blocks_are_those_of_the_reference_byte_for_byte(string name, GgmlType type)
    {
        var tensors = Fixtures.JsonLines(Fixtures.Golden("files", "gguf", "cases.jsonl"))
            .Single(record => record.GetProperty("name").GetString() == "tensors").GetProperty("tensors");
        var tensor = tensors.GetProperty(name);
        var values = Fixtures.Floats(tensors.GetProperty("f32").GetProperty("source"));
        var blocks = new byte[tensor.GetProperty("bytes").GetInt32()];

        GgufBlockWriter.Encode(type, values, blocks);

        Assert.Equal(tensor.GetProperty("raw_hex").GetString(), Convert.ToHexStringLower(blocks));
    }

    [Fact]
    public void Numbers_that_a_block_has_exactly_come_back_exactly()
    {
        // d = 1 for 127 in Q8_0, for −8 in Q4_0; d = 1 and m = −3 for −3 … 12 in Q4_1
        float[] eight = [127, .. Enumerable.Range(-15, 31).Select(value => (float)value)];
        float[] four = [-8, .. Enumerable.Range(0, 31).Select(i => (float)((i % 16) - 8))];
        float[] shifted = [.. Enumerable.Range(0, 32).Select(i => (float)((i % 16) - 3))];

        Assert.Equal(eight, Through(GgmlType.Q80, eight));
        Assert.Equal(four, Through(GgmlType.Q40, four));
        Assert.Equal(shifted, Through(GgmlType.Q41, shifted));
    }

    [Fact]
    public void A_block_of_zeros_stays_one() =>
        Assert.All([GgmlType.Q80, GgmlType.Q40, GgmlType.Q41],
            type => Assert.Equal(new float[32], Through(type, new float[32])));

    private static float[] Through(GgmlType type, float[] values)
    {
        var blocks = new byte[GgufWriter.BytesOf(type, [values.Length])];
        GgufBlockWriter.Encode(type, values, blocks);
        var back = new float[values.Length];
        GgufBlocks.Decode(type, blocks, back);
        return back;
    }
}
