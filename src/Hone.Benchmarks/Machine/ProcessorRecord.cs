using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Machine;

/// <summary>The processor as lines name it: its model, its cores, and the instructions that matter.</summary>
/// <param name="Model">The name that it gives itself.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="Flags">Every instruction set that it has, as <c>/proc/cpuinfo</c> spells them.</param>
public sealed record ProcessorRecord(string Model, int Cores, IReadOnlySet<string> Flags)
{
    /// <summary>What lines call an instruction set, and its name in <c>/proc/cpuinfo</c>.</summary>
    private static readonly (string Field, string Flag)[] Named =
    [
        ("avx2", "avx2"), ("avx512f", "avx512f"), ("avx512_vnni", "avx512_vnni"), ("avx512_bf16", "avx512_bf16"),
        ("amx", "amx_tile"),
        ("amx_bf16", "amx_bf16"),
    ];

    /// <summary>
    /// Whether it multiplies bfloat16 by itself. Without that bf16 is emulated, and slower than fp32.
    /// </summary>
    public bool HasBFloat16 => Flags.Contains("avx512_bf16") || Flags.Contains("amx_bf16");

    /// <summary>Reads that of this machine.</summary>
    public static ProcessorRecord Read() =>
        Of(File.Exists("/proc/cpuinfo") ? File.ReadAllText("/proc/cpuinfo") : "", Environment.ProcessorCount);

    /// <summary>Takes it out of the text of <c>/proc/cpuinfo</c>.</summary>
    public static ProcessorRecord Of(string text, int cores) => new(
        Field(text, "model name"), cores,
        Field(text, "flags").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet());

    /// <summary>The field <c>cpu</c> of a line.</summary>
    public JsonObject ToJson()
    {
        var fields = new JsonObject { ["model"] = Model, ["cores"] = Cores };
        foreach (var (field, flag) in Named)
        {
            fields[field] = Flags.Contains(flag) ? "yes" : "no";
        }

        return fields;
    }

    private static string Field(string text, string name) => text
        .Split('\n')
        .Select(line => line.Split(':', 2))
        .Where(parts => parts is [var key, _] && key.Trim() == name)
        .Select(parts => parts[1].Trim())
        .FirstOrDefault("");
}
