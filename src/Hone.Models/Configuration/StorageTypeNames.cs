using Hone.Torch;

namespace Hone.Models.Configuration;

/// <summary>
/// Types of stored weights as <c>config.json</c> spells them: <c>torch_dtype</c>, or <c>dtype</c> since version 5.
/// </summary>
internal static class StorageTypeNames
{
    public static DType Read(ConfigFields fields)
    {
        var name = fields.Has("dtype") ? "dtype" : "torch_dtype";
        return fields.Text(name, "float32") switch
        {
            "float32" => DType.Float32,
            "bfloat16" => DType.BFloat16,
            "float16" => DType.Float16,
            "float64" => DType.Float64,
            var other => throw fields.Wrong(name, "one of float32, bfloat16, float16, float64", $"\"{other}\""),
        };
    }

    public static string Of(DType type) => type switch
    {
        DType.Float32 => "float32",
        DType.BFloat16 => "bfloat16",
        DType.Float16 => "float16",
        DType.Float64 => "float64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "weights are not stored as such"),
    };
}
