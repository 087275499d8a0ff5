using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>Weights that GPTQ or AWQ has quantised: integers of a few bits in groups, beside plain ones.</summary>
/// <remarks>A weight <c>M.weight</c> is <c>M.qweight</c>, <c>M.qzeros</c>, <c>M.scales</c>, and <c>M.g_idx</c> in GPTQ;
/// it is made when it is asked for. AWQ (arXiv:2306.00978) packs outputs, eight in a word, in an order of its
/// own.</remarks>
public sealed class IntegerWeights : IWeightSource
{
    private const string Suffix = ".weight";
    private const int WordBits = 32;

    // Where the outputs of a word of AWQ stand among its nibbles.
    private static readonly int[] AwqOrder = [0, 4, 1, 5, 2, 6, 3, 7];
    private static readonly string[] Parts = [".qweight", ".qzeros", ".scales", ".g_idx"];

    private readonly Checkpoint _checkpoint;
    private readonly HashSet<string> _modules;
    private readonly int _bits;
    private readonly int _version;
    private readonly bool _isAwq;

    /// <summary>Looks through a checkpoint for quantised weights.</summary>
    /// <param name="checkpoint">The checkpoint; disposed of with this object.</param>
    /// <param name="settings">The <c>quantization_config</c> of its <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">It is quantised in a way that is not known.</exception>
    public IntegerWeights(Checkpoint checkpoint, ConfigFields settings)
    {
        _checkpoint = checkpoint;
        _isAwq = settings.Text("quant_method") == "awq";
        _bits = settings.Count("bits");
        if (_bits is not (2 or 3 or 4 or 8) || (_isAwq && _bits != 4))
        {
            throw settings.Wrong("bits", _isAwq ? "4 in AWQ" : "2, 3, 4 or 8", $"{_bits}");
        }

        if (_isAwq && settings.Text("version", "gemm") is var layout and not ("gemm" or "GEMM"))
        {
            throw settings.Wrong("version", "gemm", $"\"{layout}\"");
        }

        _version = _isAwq ? 2 : settings.Text("checkpoint_format", "gptq") switch
        {
            "gptq" => 1,
            "gptq_v2" => 2,
            var other => throw settings.Wrong("checkpoint_format", "gptq or gptq_v2", $"\"{other}\""),
        };
        _modules = [.. checkpoint.Names.Where(name => name.EndsWith(Parts[0], StringComparison.Ordinal)).Select(
            name => name[..^Parts[0].Length])];
    }

    /// <inheritdoc/>
    public string Where => _checkpoint.Where;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _checkpoint.Names
        .Where(name => !Parts.Any(
            part => name.EndsWith(part, StringComparison.Ordinal) && _modules.Contains(name[..^part.Length])))
        .Concat(_modules.Select(module => module + Suffix))
        .Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Warnings => _checkpoint.Warnings;

    /// <inheritdoc/>
    public long[]? ShapeOf(string name)
    {
        if (ModuleOf(name) is not { } module || _checkpoint.ShapeOf(module + Parts[0]) is not [var rows, var columns])
        {
            return _checkpoint.ShapeOf(name);
        }

        return _isAwq ? [columns * WordBits / _bits, rows] : [columns, rows * WordBits / _bits];
    }

    /// <inheritdoc/>
    public DType? TypeOf(string name) => ModuleOf(name) is null ? _checkpoint.TypeOf(name) : DType.Float16;

    /// <inheritdoc/>
    public Tensor Load(string name)
    {
        if (ModuleOf(name) is not { } module)
        {
            return _checkpoint.Load(name);
        }

        using var scope = TensorScope.Open();
        var shape = ShapeOf(name)!;
        var (outputs, inputs) = (checked((int)shape[0]), checked((int)shape[1]));
        if ((long)outputs * _bits % WordBits != 0)
        {
            throw new CheckpointException(
                $"{Where}: \"{module}\" must have outputs whose zeros fill words, it has {outputs} of {_bits} bits; "
                    + "the checkpoint is damaged");
        }

        var scales = Part(module, Parts[2], out var groups, outputs).ToArray<float>();
        var zeros = Part(module, Parts[1], out _, PackedIntegers.Words(outputs, _bits)).ToArray<int>();
        var weight = _checkpoint.Load(module + Parts[0]).ToArray<int>();
        if (zeros.Length != groups * PackedIntegers.Words(outputs, _bits) || inputs % groups != 0)
        {
            throw new CheckpointException(
                $"{Where}: \"{module}\" must have zeros and inputs for its {groups} groups, it has not; the "
                    + "checkpoint is damaged");
        }

        var layer = _isAwq
            ? Awq(outputs, inputs, weight, zeros, scales, inputs / groups)
            : GptqLayer.Unpack(_bits, outputs, weight, zeros, scales, GroupsOf(module, inputs, groups), _version);
        return scope.Keep(Tensor.From<float>(layer.Dequantise(), shape));
    }

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    private string? ModuleOf(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) && _modules.Contains(name[..^Suffix.Length])
            ? name[..^Suffix.Length] : null;

    private Tensor Part(string module, string part, out int rows, int columns)
    {
        if (_checkpoint.ShapeOf(module + part) is not [var found, var width] || width != columns
            || found is < 1 or > int.MaxValue)
        {
            throw new CheckpointException(
                $"{Where}: must hold \"{module}{part}\" with {columns} columns, it does not; the checkpoint is "
                    + "damaged");
        }

        rows = (int)found;
        return _checkpoint.Load(module + part);
    }

    private int[] GroupsOf(string module, int inputs, int groups)
    {
        if (_checkpoint.ShapeOf(module + Parts[3]) is null)
        {
            return [.. Enumerable.Range(0, inputs).Select(input => input / (inputs / groups))];
        }

        using var scope = TensorScope.Open();
        var found = _checkpoint.Load(module + Parts[3]).ToArray<int>();
        return found.Length == inputs && found.All(group => group >= 0 && group < groups)
            ? found
            : throw new CheckpointException(
                $"{Where}: \"{module}{Parts[3]}\" must name one of {groups} groups for each of {inputs} inputs, it "
                    + "does not; the checkpoint is damaged");
    }

    private GptqLayer Awq(int outputs, int inputs, int[] weight, int[] zeros, float[] scales, int groupSize) => new(
        _bits, inputs, outputs, InOrder(weight, outputs), InOrder(zeros, outputs), scales,
        [.. Enumerable.Range(0, inputs).Select(input => input / groupSize)]);

    private int[] InOrder(int[] words, int outputs)
    {
        var nibbles = PackedIntegers.UnpackRows(words, PackedIntegers.Words(outputs, _bits), _bits);
        var values = new int[nibbles.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = nibbles[(i / AwqOrder.Length * AwqOrder.Length) + AwqOrder[i % AwqOrder.Length]];
        }

        return values;
    }
}
