using Hone.Models.Checkpoints;
using Hone.Models.Families;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>Writes a model as a GGUF file with the keys and names that <c>llama.cpp</c> reads.</summary>
public static class GgufModelWriter
{
    private const int NumbersAtOnce = 1 << 22;

    // general.file_type of the files that llama.cpp itself writes.
    private static readonly Dictionary<GgmlType, int> FileTypes = new()
    {
        [GgmlType.F32] = 0,
        [GgmlType.F16] = 1,
        [GgmlType.Q40] = 2,
        [GgmlType.Q41] = 3,
        [GgmlType.Q80] = 7,
        [GgmlType.BF16] = 32,
    };

    /// <summary>Writes a file: beside its place first, then renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decoder">The model.</param>
    /// <param name="type">How matrices are stored: F32, F16, BF16, Q8_0, Q4_0 or Q4_1.</param>
    /// <param name="name">What the model is called in the file.</param>
    /// <param name="vocabulary">The keys of the tokenizer; none for a model without one.</param>
    /// <exception cref="CheckpointException">GGUF has no place for such a model, or the file cannot be
    /// written.</exception>
    public static void Write(
        string path, Decoder decoder, GgmlType type, string name, IReadOnlyDictionary<string, GgufValue> vocabulary)
    {
        var config = GgufDescription.InPlaceOf(decoder.Config);
        var architecture = GgufArchitectures.For(config.ModelType)
            ?? throw new CheckpointException(
                $"{path}: the model must be of a family that is written as GGUF, \"{config.ModelType}\" is not; those "
                + $"are {string.Join(", ", GgufArchitectures.All.Select(one => one.ModelType))}");
        var (metadata, divisors) = GgufDescription.Of(config, architecture, name, FileTypes[type]);
        foreach (var (key, value) in vocabulary)
        {
            metadata.Set(key, value);
        }

        var tensors = Tensors(decoder, architecture, type);
        var beside = path + ".part";
        CheckpointFiles.Replace(beside, stream => GgufWriter.Write(
            stream,
            metadata.Values,
            [.. divisors.Select(one => (one.Name, GgmlType.F32, new long[] { one.Values.Length })),
                .. tensors.Select(one => (one.Name, one.Type, one.Shape))],
            i =>
            {
                if (i < divisors.Count)
                {
                    stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(
                        Array.ConvertAll(divisors[i].Values, value => (float)value)));
                }
                else
                {
                    WriteData(stream, decoder, tensors[i - divisors.Count]);
                }
            }));
        GgufDescription.RequireSame(beside, path, config);
        File.Move(beside, path, overwrite: true);
    }

    private static List<OutTensor> Tensors(Decoder decoder, GgufArchitecture architecture, GgmlType type)
    {
        var names = ModelFamilies.Of(decoder.Config.ModelType, architecture.Name).Names(decoder.Config);
        var places = new GgufNames(decoder.Config, architecture).Places()
            .Where(place => decoder.Parameters.ContainsKey(place.Weight))
            .ToList();
        var strangers = decoder.Parameters.Keys.Except(places.Select(place => place.Weight)).ToList();
        return strangers is []
            ? [.. places.GroupBy(place => place.Tensor, StringComparer.Ordinal).Select(group => Tensor([.. group]))]
            : throw new CheckpointException(
                $"{decoder.Config.ModelType}: GGUF has no place for the weights \"{strangers[0]}\"; export to "
                    + "safetensors");

        OutTensor Tensor(GgufPlace[] parts)
        {
            var weight = decoder.Parameters[parts[0].Weight].Shape;
            long[] shape = parts[0].Layout == GgufLayout.Transposed ? [.. weight.Reverse()] : weight;
            shape = parts[0].Slice < 0 ? shape : [parts.Length, .. shape];
            var isVocabulary =
                parts[0].Weight == $"{names.Embedding}.weight" || parts[0].Weight == $"{names.Head}.weight";
            return new OutTensor(parts[0].Tensor, TypeOf(type, shape, isVocabulary), shape, parts);
        }
    }

    // Vectors stay as they are; the matrices with a row for each token lose most by 4 bits and get 8; rows that are not
    // whole blocks get 16.
    private static GgmlType TypeOf(GgmlType type, long[] shape, bool isVocabulary)
    {
        var chosen = isVocabulary && type is GgmlType.Q40 or GgmlType.Q41 ? GgmlType.Q80 : type;
        return shape.Length == 1 ? GgmlType.F32 : shape[^1] % chosen.BlockSize() == 0 ? chosen : GgmlType.F16;
    }

    private static void WriteData(Stream stream, Decoder decoder, OutTensor tensor)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var part in tensor.Parts)
        {
            using var scope = TensorScope.Open();
            var flat =
                GgufLayouts.ToFile(decoder.Parameters[part.Weight].Detach().To(Device.Cpu).To(DType.Float32), part)
                    .Contiguous().View(-1);
            for (var first = 0L; first < flat.Count; first += NumbersAtOnce)
            {
                using var numbers = flat.Narrow(0, first, Math.Min(NumbersAtOnce, flat.Count - first));
                var bytes = new byte[GgufWriter.BytesOf(tensor.Type, [numbers.Count])];
                GgufBlockWriter.Encode(tensor.Type, numbers.AsSpan<float>(), bytes);
                stream.Write(bytes);
            }
        }
    }

    private sealed record OutTensor(string Name, GgmlType Type, long[] Shape, GgufPlace[] Parts);
}
