using Hone.Models.Adapters.Building;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Models.Adapters.Files;

/// <summary>Holds the tensors of an adapter's file to those that its configuration asks for.</summary>
internal static class AdapterFileRules
{
    private const int Named = 3;

    /// <summary>Refuses a file with missing, unexpected or misshapen tensors.</summary>
    /// <exception cref="CheckpointException">It is such a file.</exception>
    public static void Check(
        IReadOnlyList<AdapterTensor> wanted, IReadOnlyDictionary<string, long[]> found, string where)
    {
        string[] missing = [.. wanted.Where(tensor => !tensor.IsOptional && !found.ContainsKey(tensor.Name)).Select(
            tensor => tensor.Name)];
        var names = wanted.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        string[] unexpected = [.. found.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)];
        if (missing.Length + unexpected.Length > 0)
        {
            var both = string.Join(" and ", new[] { List("lacks", missing), List("has besides", unexpected) }.Where(
                part => part.Length > 0));
            throw new CheckpointException(
                $"{where}: must hold the tensors that adapter_config.json and the model ask for, {both}; "
                + "is it an adapter of this model?");
        }

        if (wanted.FirstOrDefault(tensor => found.TryGetValue(tensor.Name, out var shape)
            && !shape.AsSpan().SequenceEqual(tensor.Shape)) is { } odd)
        {
            throw new CheckpointException(
                $"{where}: \"{odd.Name}\" must have the shape [{string.Join(", ", odd.Shape)}] that "
                + $"adapter_config.json and the model ask for, it has [{string.Join(", ", found[odd.Name])}]");
        }
    }

    /// <summary>A warning for each matrix of the base model in the file that is not the model's.</summary>
    public static IEnumerable<string> OtherBase(IReadOnlyList<AdapterTensor> tensors, SafetensorsFile file) => tensors
        .Where(tensor => tensor.IsOptional && tensor.Name.Contains(".base_layer.", StringComparison.Ordinal))
        .Where(tensor => file.Header.Find(tensor.Name) is not null && Differs(tensor, file))
        .Select(tensor => $"{file.Path}: \"{tensor.Name}\" should be the model's own, it differs; "
            + "the adapter was trained on another model");

    private static bool Differs(AdapterTensor tensor, SafetensorsFile file)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var (stored, own) = (file.Load(tensor.Name), tensor.Value());
        return (own - stored.To(own.DType)).Abs().Max().Item() > 0;
    }

    private static string List(string what, string[] names) => names switch
    {
        [] => "",
        { Length: <= Named } => $"it {what} {string.Join(", ", names.Select(name => $"\"{name}\""))}",
        _ => $"it {what} {string.Join(", ", names.Take(Named).Select(name => $"\"{name}\""))} and "
            + $"{names.Length - Named} more",
    };
}
