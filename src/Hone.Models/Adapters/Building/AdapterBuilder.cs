using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts an adapter together: the tensors that it needs, and what it does at each place of a decoder.</summary>
/// <param name="modules">The decoder's modules.</param>
/// <param name="parameters">Where its tensors are registered; it goes to the adapter in the end.</param>
/// <param name="seed">Decides the draws of a fresh adapter.</param>
/// <param name="file">The shapes of the tensors in its file; null for a fresh adapter.</param>
internal sealed class AdapterBuilder(
    ModuleCatalog modules, ParameterRegistry parameters, ulong seed, IReadOnlyDictionary<string, long[]>? file)
{
    private readonly Dictionary<string, (string FileName, Func<Tensor> Fresh)> _sources = new(StringComparer.Ordinal);
    private readonly List<AdapterTensor> _tensors = [];
    private readonly Dictionary<string, List<IModulePart>> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<(LayerPlace Place, int Layer), ILayerPart> _layers = [];
    private readonly List<IDisposable> _derived = [];
    private readonly List<Parameter> _views = [];
    private readonly List<Action> _afterFill = [];
    private int _places;

    /// <summary>The decoder's modules.</summary>
    public ModuleCatalog Modules => modules;

    /// <summary>Whether the tensors come from a file.</summary>
    public bool IsFromFile => file is not null;

    /// <summary>Tokens before each sequence.</summary>
    public IVirtualTokens? Virtual { get; set; }

    /// <summary>The shape of a tensor of the file; null where it has none, or there is no file.</summary>
    public long[]? ShapeInFile(string name) => file?.GetValueOrDefault(name);

    /// <summary>The draws of the tensor that is added next.</summary>
    public FreshDraws NextDraws() => new(seed, (uint)parameters.All.Count);

    /// <summary>A number that no other place of the adapter has.</summary>
    public int NextPlace() => _places++;

    /// <summary>Does something as soon as all tensors are there.</summary>
    public void AfterFill(Action action) => _afterFill.Add(action);

    /// <summary>Asks for a tensor.</summary>
    /// <param name="name">Its name, which is that in the file where <paramref name="fileName"/> does not say
    /// otherwise.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="fresh">What it is in a fresh adapter.</param>
    /// <param name="trainable">Whether it is trained.</param>
    /// <param name="fileName">Its name in the file; empty where the file does not hold it.</param>
    /// <param name="optional">Whether a file may lack it, because it can be made again.</param>
    public Parameter Add(
        string name,
        long[] shape,
        Func<FreshDraws, Tensor> fresh,
        bool trainable = true,
        string? fileName = null,
        bool optional = false)
    {
        var draws = NextDraws();
        var parameter = parameters.Add(name, shape, FreshValue.Zero, trainable);
        _sources.Add(name, (fileName ?? name, () => fresh(draws)));
        if (fileName != "")
        {
            _tensors.Add(new AdapterTensor(fileName ?? name, shape, () => parameter.Value, optional));
        }

        return parameter;
    }

    /// <summary>A second name for the transposed numbers of a tensor that was asked for: a change of one is a change of
    /// the other.</summary>
    public Parameter AddTransposed(string name, Parameter of)
    {
        long[] shape = [of.Spec.Shape[1], of.Spec.Shape[0]];
        var view = new Parameter(new ParameterSpec(name, shape, FreshValue.Zero), modules.Clock);
        _views.Add(view);
        _afterFill.Add(() => view.Value = TensorScope.Detach(of.Value.Transpose(0, 1).Detach()));
        _tensors.Add(new AdapterTensor(name, shape, () => view.Value));
        return view;
    }

    /// <summary>What the file holds.</summary>
    public IReadOnlyList<AdapterTensor> Tensors => _tensors;

    /// <summary>Stores something else under the name of a tensor that was asked for.</summary>
    public void SaveAs(string name, Func<Tensor> value)
    {
        var index = _tensors.FindIndex(tensor => tensor.Name == name);
        _tensors[index] = _tensors[index] with { Value = value };
    }

    /// <summary>Stores another tensor in the file.</summary>
    public void Save(AdapterTensor tensor) => _tensors.Add(tensor);

    /// <summary>Puts a part on a module, behind those that are there.</summary>
    public void Put(string module, IModulePart part)
    {
        if (!_parts.TryGetValue(module, out var parts))
        {
            _parts.Add(module, parts = []);
        }

        parts.Add(part);
    }

    /// <summary>Puts a part behind a half of a layer.</summary>
    public void Put(LayerPlace place, int layer, ILayerPart part) => _layers.Add((place, layer), part);

    /// <summary>What is computed of tensors and kept until they change.</summary>
    public Derived Derive(Func<Tensor> compute)
    {
        var derived = new Derived(modules.Clock, compute);
        _derived.Add(derived);
        return derived;
    }

    /// <summary>Fills all tensors and gives the adapter's content.</summary>
    /// <param name="read">Finds a tensor of the file; null for a fresh adapter.</param>
    public AdapterContent Finish(Func<string, Tensor>? read)
    {
        try
        {
            parameters.Fill(DType.Float32, spec => _sources[spec.Name] is var (fileName, fresh) && read is not null
                && file!.ContainsKey(fileName)
                ? read(fileName)
                : fresh());
        }
        catch
        {
            parameters.Dispose();
            throw;
        }

        _afterFill.ForEach(action => action());
        return new AdapterContent
        {
            Parts = new AdapterParts(
                _parts.ToDictionary(
                    part => part.Key, part => (IReadOnlyList<IModulePart>)part.Value, StringComparer.Ordinal),
                _layers,
                Virtual),
            Trained = [.. parameters.All.Where(parameter => parameter.Spec.Trainable), .. _views],
            State = parameters.All,
            Tensors = _tensors,
            Model = modules,
            Owned = [parameters, .. _views, .. _derived],
        };
    }
}
