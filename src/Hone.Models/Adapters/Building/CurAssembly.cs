using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters between columns and rows of W together.</summary>
internal static class CurAssembly
{
    /// <summary>CURLoRA.</summary>
    public static void Build(AdapterBuilder builder, CurLoraConfig config)
    {
        foreach (var linear in Targeting.Linears(builder, config, config.Targets))
        {
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            Tensor Chosen(FreshDraws at, int dimension) =>
                CurSelection.Of(linear.ReadWeight(), config.Rank, dimension, at);
            var columns = builder.Add($"{name}.curlora_columns", [config.Rank], at => Chosen(at, 1), trainable: false);
            var rows = builder.Add($"{name}.curlora_rows", [config.Rank], at => Chosen(at, 0), trainable: false);
            var matrix = builder.Add($"{name}.curlora_U", [config.Rank, config.Rank], _ => Tensor.Zeros(
                DType.Float32, config.Rank, config.Rank));
            builder.Put(linear.Name, new CurPart(
                builder.Derive(() => linear.ReadWeight().IndexSelect(1, columns.Value.To(DType.Int64))),
                matrix,
                builder.Derive(() => linear.ReadWeight().IndexSelect(0, rows.Value.To(DType.Int64))),
                config.Alpha));
        }
    }
}
