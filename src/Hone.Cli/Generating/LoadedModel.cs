using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Quantisation;
using Hone.Text;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>A model with its tokenizer, ready to be asked.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly Lazy<IChatTemplate> _template;

    private LoadedModel(ModelFolder folder, Tokenizer tokenizer, string? layout, ChatTemplateChoice template)
    {
        (Folder, Tokenizer) = (folder, tokenizer);
        _template = new Lazy<IChatTemplate>(
            () => ChatTemplates.For(layout, tokenizer, TimeProvider.System, template));
    }

    public ModelFolder Folder { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>How the model's conversations are written.</summary>
    public IChatTemplate Template => _template.Value;

    /// <summary>Says where conversations are laid out otherwise than by a template of the model's own.</summary>
    public void NoteLayout(TextWriter errors) => TemplateNote.Write(errors, Template);

    /// <summary>Loads a model and sets the threads of the calling thread, which must be the one that
    /// computes.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="adapters">Adapters to switch on.</param>
    /// <param name="fourBits">How linear layers are kept in 4 bits; null for as numbers.</param>
    /// <param name="template">How its conversations are written; null for as usual.</param>
    /// <exception cref="CheckpointException">It cannot be used, or has no tokenizer.</exception>
    public static LoadedModel Open(
        string path,
        ComputeChoice compute,
        IReadOnlyList<NamedAdapter>? adapters = null,
        FourBitOptions? fourBits = null,
        ChatTemplateChoice? template = null)
    {
        var decision = ComputeDecision.Of(compute, Processor.Detect());
        var folder = ModelFolder.Load(path, adapters ?? [], DType.Float32, decision.DType, fourBits);
        try
        {
            ComputeThread.Configure(Environment.ProcessorCount);
            return new LoadedModel(
                folder,
                folder.Tokenizer ?? throw new CheckpointException(
                    $"{path}: must have a tokenizer, there is no tokenizer.json; put the model's own there"),
                Layout(adapters ?? []) ?? folder.TokenizerPath,
                template ?? ChatTemplateChoice.Usual);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The first of the adapters that brings a chat template: the one that it was trained with.</summary>
    private static string? Layout(IReadOnlyList<NamedAdapter> adapters) => adapters
        .Select(adapter => adapter.Folder)
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "chat_template.jinja")));

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
